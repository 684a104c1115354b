package activities

import "time"

var started = time.Now()
