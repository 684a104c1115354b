package app

import (
	"math"
	"runtime/debug"

	sdkworker "go.temporal.io/sdk/worker"
)

// SoftMemory is how much memory a program tries to keep to. A roll of a million lines that becomes voters leaves much behind for a
// moment; near the limit it is swept up at once instead of when the heap has doubled. It is no wall: what is in use may exceed it.
const SoftMemory = 768 << 20

// A worker keeps the cases in memory that last moved, at some 50 KiB each: a third of the limit is for them. Were it all of it, the
// program would do little but sweep. A case that is not kept is replayed when it moves, in milliseconds.
const (
	keptCase  = 64 << 10
	mostCases = 10_000 // what the SDK keeps by itself
)

// KeepMemory sets the soft limit of this process, unless GOMEMLIMIT says another, and what of it is for cases.
func KeepMemory() {
	limit := debug.SetMemoryLimit(-1) // only asks
	if limit == math.MaxInt64 {
		limit = SoftMemory
		debug.SetMemoryLimit(limit)
	}
	sdkworker.SetStickyWorkflowCacheSize(int(min(limit/3/keptCase, mostCases)))
}
