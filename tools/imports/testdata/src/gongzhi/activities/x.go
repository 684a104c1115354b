package activities

import (
	_ "gongzhi/procedure/admission"
	_ "gongzhi/store" // want `activities must not import gongzhi/store`
	_ "net/http"
)
