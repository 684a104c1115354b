package app

import (
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestHeap(t *testing.T) {
	t.Parallel()
	before := heap{allocs: 1 << 30, swept: 10, worked: 40}
	require.True(t, heap{allocs: 1<<30 + 1<<20}.rests(before))
	require.False(t, heap{allocs: 1<<30 + 100<<20}.rests(before), "it works")

	require.True(t, heap{swept: 12, worked: 45}.short(before), "two of seven seconds")
	require.False(t, heap{swept: 11, worked: 45}.short(before), "it sweeps little")
	require.False(t, before.short(before), "nothing was done")

	l := limit{least: SoftMemory, most: MostMemory}
	require.Equal(t, int64(1152<<20), l.looser(SoftMemory))
	require.Equal(t, int64(MostMemory), l.looser(MostMemory-1))
	require.Equal(t, int64(4<<30), l.looser(4<<30), "never tighter than it is")
	fixed := limit{least: SoftMemory, most: SoftMemory}
	require.Equal(t, int64(SoftMemory), fixed.looser(SoftMemory), "whoever sets one has it")
}

// TestShort: a process that does little but sweep is seen as such.
func TestShort(t *testing.T) { // alone: it takes the limit away from other tests
	type node struct{ next [8]*node }
	kept := make([]*node, 1<<20) // 64 MiB in use, each piece of which has to be looked at: the limit leaves little room
	for i := range kept {
		kept[i] = &node{}
		for n := range kept[i].next {
			kept[i].next[n] = kept[i*n/8]
		}
	}
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(96 << 20))
	before := heapNow()
	require.Eventually(t, func() bool {
		for i := range 1 << 15 {
			kept[i] = &node{next: kept[i].next}
		}
		return heapNow().short(before)
	}, time.Minute, time.Millisecond)
}

// TestHeapNow: what work leaves behind is seen, and can be given back.
func TestHeapNow(t *testing.T) { // alone: other tests work meanwhile
	debug.FreeOSMemory()
	before := heapNow()
	left := make([]byte, 64<<20)
	for i := 0; i < len(left); i += 4096 {
		left[i] = 1
	}
	require.GreaterOrEqual(t, heapNow().allocs-before.allocs, uint64(64<<20))
	runtime.KeepAlive(left)
	left = nil
	runtime.GC()
	held := heapNow().spare
	debug.FreeOSMemory()
	require.Less(t, heapNow().spare+32<<20, held)
}
