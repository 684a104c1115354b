package workflows

import (
	_ "go.temporal.io/sdk/client"
	_ "gongzhi/activities"
	_ "gongzhi/store" // want `workflows must not import gongzhi/store`
	_ "net/http"      // want `workflows must not import net/http`
)
