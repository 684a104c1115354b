package record

import (
	"time"

	"gongzhi/procedure"
)

// What the machine says of itself. Moments are engine time until the detectors map them.

// Problem is a case whose workflow code fails: it stands still until the code is mended.
type Problem struct {
	Case  string `json:"case"`
	Cause string `json:"cause"` // as the engine names it: NonDeterministicError
}

// Queue is how the work of one task queue is taken.
type Queue struct {
	Name    string        `json:"name"`
	Title   string        `json:"title"` // 办件, 例行
	Workers int           `json:"workers"`
	Seen    *time.Time    `json:"seen,omitempty"` // when a worker last asked for work
	Backlog int64         `json:"backlog"`
	Oldest  time.Duration `json:"oldest"` // age of the oldest work that nobody has taken
}

// Fault is an activity of a case that fails again and again, as its worker has noted it.
type Fault struct {
	Case     string    `json:"case"`
	Run      string    `json:"run"`
	Activity string    `json:"activity"` // id in the run
	Type     string    `json:"type"`
	Attempt  int32     `json:"attempt"`
	Error    string    `json:"error"`
	First    time.Time `json:"first"`
	Last     time.Time `json:"last"`
}

// Opened says since when the engine, or the record, has an open case.
type Opened struct {
	Case  string
	Since time.Time
}

// Inside is what the engine knows of one case, for those who operate it.
type Inside struct {
	Workflow string       `json:"workflow"`
	Run      string       `json:"run"`
	Status   string       `json:"status"`
	Events   int64        `json:"events"` // length of the history
	Bytes    int64        `json:"bytes"`
	Failing  string       `json:"failing,omitempty"` // the last error of the workflow code
	Attempt  int32        `json:"attempt,omitempty"` // of the failing workflow task
	Pending  []Unfinished `json:"pending"`
}

// Unfinished is an activity that has not come to an end.
type Unfinished struct {
	ID      string     `json:"id"`
	Type    string     `json:"type"`
	State   string     `json:"state"` // scheduled, started, paused
	Attempt int32      `json:"attempt"`
	Error   string     `json:"error,omitempty"`
	Next    *time.Time `json:"next,omitempty"` // of the next attempt
	Since   time.Time  `json:"since"`
}

// Hand is who mends something in the machine, and why.
type Hand struct {
	Actor  procedure.Actor
	Reason string
	ID     string    // of the request: the same twice is done once
	At     time.Time // case time
}
