package calendar

import "time"

/* want `needs a reason` */ //gongzhi:wallclock
var today = time.Now()      // want `time.Now reads the wall clock`
