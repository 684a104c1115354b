package main

import (
	_ "gongzhi/app"
	_ "gongzhi/embedded" // want `cmd/gongzhi-server must not import gongzhi/embedded`
)
