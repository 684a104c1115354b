package store

import (
	_ "go.temporal.io/sdk/client" // want `store must not import go.temporal.io/sdk/client`
	_ "gongzhi/calendar"
	_ "gorm.io/gorm"
)
