package embedded

import (
	_ "go.temporal.io/server/temporal"
	_ "gongzhi/store" // want `embedded must not import gongzhi/store`
)
