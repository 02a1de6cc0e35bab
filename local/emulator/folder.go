package emulator

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// lockPoll is the interval between attempts to take a held lock.
const lockPoll = 100 * time.Millisecond

// lock takes the advisory lock of a file, which it creates if needed, and waits for it until ctx ends. Closing the
// file, or the program's exit, releases the lock.
func lock(ctx context.Context, path string) (*os.File, error) {
	tick := time.NewTicker(lockPoll)
	defer tick.Stop()
	for {
		file, err := tryLock(path)
		if file != nil || err != nil {
			return file, err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil, fmt.Errorf("waiting for %s: %w", path, ctx.Err())
		}
	}
}

// tryLock returns nil, nil if another process holds the lock.
func tryLock(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return file, nil
	}
	_ = file.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) || errors.Is(err, syscall.EINTR) {
		return nil, nil
	}
	return nil, fmt.Errorf("locking %s: %w", path, err)
}

// runFolder is the working folder of one emulator. Its lock is held while the emulator may run.
type runFolder struct {
	path string
	lock *os.File
}

// newRunFolder creates a folder and removes those that dead programs left behind. The caller must hold the lock of the
// emulator's folder.
func newRunFolder(dir string) (runFolder, error) {
	old, _ := filepath.Glob(filepath.Join(dir, "run-*"))
	for _, path := range old {
		if file, _ := tryLock(filepath.Join(path, "lock")); file != nil {
			_ = os.RemoveAll(path)
			_ = file.Close()
		}
	}
	path, err := os.MkdirTemp(dir, "run-")
	if err != nil {
		return runFolder{}, err
	}
	file, err := tryLock(filepath.Join(path, "lock"))
	if err == nil && file == nil {
		err = errors.New("another process locked " + path)
	}
	return runFolder{path, file}, err
}

func (f runFolder) remove() error {
	return errors.Join(os.RemoveAll(f.path), f.lock.Close())
}
