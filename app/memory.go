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

// MostMemory is how far the limit gives way while there is more to do than fits.
const MostMemory = 3 << 30

// A worker keeps the cases in memory that last moved, at some 50 KiB each: up to a third of the limit is for them. Were it all of
// it, the program would do little but sweep. A case that is not kept is replayed when it moves, in milliseconds.
const (
	keptCase  = 64 << 10
	mostCases = 10_000 // what the SDK keeps by itself
)

// KeepMemory sets the soft limit of this process, and what of it is for cases. The limit gives way while the program would do little
// but sweep, as when thousands of cases move in one morning; one that GOMEMLIMIT sets does not. Until ctx ends, a program at rest
// gives back what its work has left behind.
func KeepMemory(ctx context.Context) {
	l := limit{least: SoftMemory, most: MostMemory}
	if os.Getenv("GOMEMLIMIT") != "" {
		l.least = debug.SetMemoryLimit(-1) // only asks
		l.most = l.least
	}
	debug.SetMemoryLimit(l.least)
	sdkworker.SetStickyWorkflowCacheSize(int(min(l.most/3/keptCase, mostCases)))
	go l.watch(ctx)
}

// limit is the soft limit of memory, in bytes.
type limit struct{ least, most int64 }

const (
	memoryEvery = 2 * time.Second
	restTicks   = 8        // a program has to rest for so long
	restAllocs  = 48 << 20 // what a program at rest asks for meanwhile, at most
	restWorth   = 48 << 20 // what is worth the sweeping
)

// watch loosens the limit for a program that does little but sweep, and tightens it for one that rests. The runtime would sweep
// after two minutes of rest and give back piece by piece.
func (l limit) watch(ctx context.Context) {
	tick := time.NewTicker(memoryEvery)
	defer tick.Stop()
	last := heapNow()
	before := last
	for n := 1; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := heapNow()
		if now.short(last) {
			debug.SetMemoryLimit(l.looser(debug.SetMemoryLimit(-1)))
		}
		last = now
		if n%restTicks != 0 {
			continue
		}
		if now.rests(before) {
			debug.SetMemoryLimit(l.least)
			if now.spare > restWorth {
				debug.FreeOSMemory()
			}
		}
		before = now
	}
}

// looser is the limit one half further on.
func (l limit) looser(is int64) int64 { return max(is, min(is+is/2, l.most)) }

// heap is what the runtime says of its memory, in bytes, and of its work, in seconds of a processor.
type heap struct {
	allocs uint64 // asked for since the start
	spare  uint64 // garbage since the last sweep, and what is free and not given back
	swept  float64
	worked float64 // sweeping not counted
}

func heapNow() heap {
	s := []metrics.Sample{
		{Name: "/gc/heap/allocs:bytes"}, {Name: "/gc/heap/live:bytes"},
		{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/free:bytes"},
		{Name: "/cpu/classes/gc/total:cpu-seconds"}, {Name: "/cpu/classes/gc/mark/idle:cpu-seconds"}, {Name: "/cpu/classes/user:cpu-seconds"},
	}
	metrics.Read(s)
	held := s[2].Value.Uint64() + s[3].Value.Uint64()
	return heap{
		allocs: s[0].Value.Uint64(), spare: held - min(held, s[1].Value.Uint64()),
		swept: s[4].Value.Float64() - s[5].Value.Float64(), worked: s[6].Value.Float64(),
	}
}

// short tells whether more than a quarter of the work since was sweeping.
func (h heap) short(since heap) bool { return 3*(h.swept-since.swept) > h.worked-since.worked }

// rests tells whether little was asked for since.
func (h heap) rests(since heap) bool { return h.allocs-since.allocs < restAllocs }
