package pgtest

import (
	"fmt"
)

var (
	FindBinariesIn = findBinariesIn
	ErrMissing     = errMissing
	Settle         = settle
)

// KillShared prints what killing the shared server answers.
func KillShared() {
	server, err := shared()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(server.Kill())
}
