// Package wholefile replaces files whole: who opens one finds the old content or the new, never a part, even if two
// programs write at once or one dies.
package wholefile

import (
	"errors"
	"io"
	"os"
	"path/filepath"
)

// Write replaces the file at path by what write writes. Its folder must exist. On an error the old file stays.
func Write(path string, mode os.FileMode, write func(io.Writer) error) (err error) {
	file, err := os.CreateTemp(filepath.Dir(path), ".new-")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(file.Name())
		}
	}()
	if err := errors.Join(write(file), file.Chmod(mode), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

// WriteBytes is Write of a text.
func WriteBytes(path string, mode os.FileMode, text []byte) error {
	return Write(path, mode, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}
