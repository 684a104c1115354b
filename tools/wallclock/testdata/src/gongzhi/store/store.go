package store

import "time"

type options struct{ now func() time.Time }

var defaults = options{now: time.Now}

func stamp() time.Time { return time.Now() } // want `time.Now reads the wall clock`
