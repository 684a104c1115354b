package app

import "time"

var start = time.Now()
