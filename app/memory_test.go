package app

import (
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestHeap_WorthIt(t *testing.T) {
	t.Parallel()
	before := heap{allocs: 1 << 30}
	require.True(t, heap{allocs: 1<<30 + 1<<20, spare: 100 << 20}.worthIt(before), "it rests, and holds much")
	require.False(t, heap{allocs: 1<<30 + 100<<20, spare: 100 << 20}.worthIt(before), "it works")
	require.False(t, heap{allocs: 1<<30 + 1<<20, spare: 10 << 20}.worthIt(before), "it holds little")
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
