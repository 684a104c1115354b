package app

import (
	"os"
	"runtime/debug"
)

// softMemory is how much memory a program tries to keep to. A roll of a million lines that becomes voters leaves much behind for a
// moment; near the limit it is swept up at once instead of when the heap has doubled. It is no wall: what is in use may exceed it.
const softMemory = 768 << 20

// KeepMemory sets the soft limit of this process, unless GOMEMLIMIT says another.
func KeepMemory() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(softMemory)
	}
}
