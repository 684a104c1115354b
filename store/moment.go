package store

import (
	"math"
	"time"
)

// never stands for a moment that does not exist: it sorts after every other.
const never int64 = math.MaxInt64

func micros(t time.Time) int64 { return t.UnixMicro() }

func microsOr(t *time.Time, none int64) int64 {
	if t == nil {
		return none
	}
	return t.UnixMicro()
}

func moment(us int64) time.Time { return time.UnixMicro(us).UTC() }

func momentPtr(us int64) *time.Time {
	if us == never {
		return nil
	}
	t := moment(us)
	return &t
}

// clean cuts a moment to what the database keeps.
func clean(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

func cleanPtr(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	c := clean(*t)
	return &c
}
