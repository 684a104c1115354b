package app

import (
	_ "go.temporal.io/server/temporal" // want `app must not import go.temporal.io/server/temporal`
	_ "gongzhi/embedded"               // want `app must not import gongzhi/embedded`
	_ "gongzhi/server"
	_ "gorm.io/gorm" // want `app must not import gorm.io/gorm`
)
