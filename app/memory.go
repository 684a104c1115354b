package app

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"

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

// KeepMemory sets the soft limit of this process, unless GOMEMLIMIT says another, and what of it is for cases. Until ctx ends, a
// program at rest gives back what its work has left behind.
func KeepMemory(ctx context.Context) {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(SoftMemory)
	}
	limit := debug.SetMemoryLimit(-1) // only asks
	sdkworker.SetStickyWorkflowCacheSize(int(min(limit/3/keptCase, mostCases)))
	go rest(ctx)
}

const (
	restEvery  = 15 * time.Second
	restAllocs = 48 << 20 // what a program at rest asks for meanwhile, at most
	restWorth  = 48 << 20 // what is worth the sweeping
)

// rest looks whether the program rests. The runtime would sweep after two minutes and give back piece by piece.
func rest(ctx context.Context) {
	tick := time.NewTicker(restEvery)
	defer tick.Stop()
	last := heapNow()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := heapNow()
		if now.worthIt(last) {
			debug.FreeOSMemory()
		}
		last = now
	}
}

// heap is what the runtime says of its memory, in bytes.
type heap struct {
	allocs uint64 // asked for since the start
	spare  uint64 // garbage since the last sweep, and what is free and not given back
}

func heapNow() heap {
	s := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}, {Name: "/gc/heap/live:bytes"}, {Name: "/memory/classes/heap/objects:bytes"},
		{Name: "/memory/classes/heap/free:bytes"}}
	metrics.Read(s)
	held := s[2].Value.Uint64() + s[3].Value.Uint64()
	return heap{allocs: s[0].Value.Uint64(), spare: held - min(held, s[1].Value.Uint64())}
}

// worthIt tells whether little was asked for since, and much can be given back.
func (h heap) worthIt(since heap) bool {
	return h.allocs-since.allocs < restAllocs && h.spare > restWorth
}
