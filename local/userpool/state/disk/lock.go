package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// lockDir takes the folder's lock, which the program's end releases, however it ends.
func lockDir(dir string) (*os.File, error) {
	file, err := os.OpenFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("state: %w", err)
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil && !isAt(file, file.Name()) { // Remove deleted it between the two steps
		return nil, errors.Join(fmt.Errorf("state: %s: %w", dir, ErrInUse), file.Close())
	}
	if err == nil {
		return file, nil
	}
	_ = file.Close() // it was not written
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, fmt.Errorf("state: %s: %w", dir, ErrInUse)
	}
	return nil, fmt.Errorf("state: locking %s: %w", file.Name(), err)
}

// isAt reports whether the file is the one at the path.
func isAt(file *os.File, path string) bool {
	open, err := file.Stat()
	named, err2 := os.Stat(path)
	return errors.Join(err, err2) == nil && os.SameFile(open, named)
}

// Remove deletes the data in a folder, and the folder if nothing else is in it. It returns the paths that it removed,
// and an error that wraps ErrInUse if a program has the folder open.
func Remove(dir string) ([]string, error) {
	if _, err := os.Stat(filepath.Join(dir, lockName)); errors.Is(err, fs.ErrNotExist) {
		return nil, nil // no data was ever kept here
	}
	lock, err := lockDir(dir)
	if err != nil {
		return nil, err
	}
	defer lock.Close()
	var removed []string
	for _, name := range []string{journalName, journalName + ".new", EmulatorName, IdentitiesName, lockName} {
		path := filepath.Join(dir, name)
		if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err := os.RemoveAll(path); err != nil {
			return removed, fmt.Errorf("state: %w", err)
		}
		removed = append(removed, path)
	}
	_ = os.Remove(dir) // stays if it has anything else
	return removed, nil
}

// EmulatorName is the name, in the folder, of what the emulator of the other AWS services keeps.
const EmulatorName = "emulator"

// IdentitiesName is the name, in the folder, of the file that keeps identity pools.
const IdentitiesName = "identity-pools.json"
