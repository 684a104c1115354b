package embedded

import (
	"errors"
	"path/filepath"
	"syscall"
)

const lockName = "lock"

// folderLock is an exclusive flock on Dir/lock. Two engines on one SQLite file both start without a complaint and then
// overwrite each other's shard, so the lock is taken before anything else is read. The kernel drops it when the
// process ends in whatever way, therefore no stale lock can remain; the file itself is never removed, because
// removing it would let two processes hold locks on two different files of the same name.
//
// It is a bare descriptor: an os.File is closed, and the lock lost, as soon as the garbage collector finds that
// nobody refers to it, and a caller that drops its *Server still has an engine running.
type folderLock struct{ descriptor int }

func lockFolder(dir string) (*folderLock, error) {
	descriptor, err := syscall.Open(filepath.Join(dir, lockName), syscall.O_CREAT|syscall.O_RDWR|syscall.O_CLOEXEC, 0o600)
	if err != nil {
		return nil, fail(CodeStorage, err, "无法在数据目录 %s 中建立锁文件", dir)
	}
	for {
		err = syscall.Flock(descriptor, syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if err == nil {
		return &folderLock{descriptor: descriptor}, nil
	}
	_ = syscall.Close(descriptor) // never held, so nothing can be lost
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, fail(CodeLocked, nil, "数据目录 %s 正被另一个进程使用，请先停止那个进程，或另选数据目录", dir)
	}
	return nil, fail(CodeStorage, err, "无法锁定数据目录 %s", dir)
}

// release gives the folder free. Closing the descriptor drops the lock.
func (l *folderLock) release() error { return syscall.Close(l.descriptor) }
