package embedded

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLock(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	lock, err := lockFolder(dir)
	require.NoError(t, err)
	_, err = lockFolder(dir)
	requireCode(t, err, CodeLocked)
	require.NoError(t, lock.release())
	lock, err = lockFolder(dir)
	require.NoError(t, err)
	require.NoError(t, lock.release())
}

func TestLockOutlivesItsOwner(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, err := lockFolder(dir) // nobody keeps it
	require.NoError(t, err)
	for range 3 { // a collection, and what it clears away
		done := make(chan struct{})
		runtime.AddCleanup(new([64]byte), func(done chan struct{}) { close(done) }, done)
		runtime.GC()
		<-done
	}
	_, err = lockFolder(dir)
	requireCode(t, err, CodeLocked)
}
