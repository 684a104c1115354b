package procedure

import (
	_ "gongzhi/calendar"
	_ "gongzhi/procedure/admission" // want `must not know the kinds`
	_ "gongzhi/rules"
	_ "gorm.io/gorm" // want `procedure must not import gorm.io/gorm`
)
