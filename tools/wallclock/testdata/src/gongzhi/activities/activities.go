package activities

import (
	"time"
	. "time"
)

type clock struct{ now func() time.Time }

var byDefault = clock{now: time.Now} // want `time.Now reads the wall clock`

func stamp() time.Time { return time.Now() } // want `time.Now reads the wall clock`

func dotted() time.Time { return Now() } // want `time.Now reads the wall clock`

func age(t time.Time) time.Duration { return time.Since(t) } // want `time.Since reads the wall clock`

func left(t time.Time) time.Duration { return time.Until(t) } // want `time.Until reads the wall clock`

func (c clock) Now() time.Time { return c.now() }

func injected(c clock) time.Time { return c.Now() }

func measured() time.Time {
	//gongzhi:wallclock how long the machine took is no business of the virtual clock
	return time.Now()
}
