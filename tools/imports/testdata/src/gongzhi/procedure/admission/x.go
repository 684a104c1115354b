package admission

import (
	_ "github.com/gin-gonic/gin" // want `procedure/admission must not import github.com/gin-gonic/gin`
	_ "gongzhi/rules"
	_ "gongzhi/store" // want `procedure may import only rules, calendar, procedure`
)
