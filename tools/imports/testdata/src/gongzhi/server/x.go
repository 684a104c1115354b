package server

import (
	_ "github.com/gin-gonic/gin"
	_ "gongzhi/activities" // want `server must not import gongzhi/activities`
	_ "gorm.io/gorm"       // want `server must not import gorm.io/gorm`
)
