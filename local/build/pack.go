package build

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"cognito-triggers/local/wholefile"
)

// install writes <out>/<name>/bootstrap and, if zips is set, <out>/<name>.zip for each binary in a folder. It replaces
// each file atomically, so that running functions and parallel builds never see a partial one, and leaves an equal
// bootstrap alone. A zip that is there holds what bootstrap holds: without zips, one of an older binary is removed.
func install(functions []Function, binaries, out string, zips bool) error {
	errs := make([]error, len(functions))
	var group sync.WaitGroup
	for i, f := range functions {
		group.Go(func() { // compressing takes longest
			errs[i] = installOne(filepath.Join(binaries, f.Name), filepath.Join(out, f.Name), zips)
		})
	}
	group.Wait()
	return errors.Join(errs...)
}

func installOne(binary, target string, zips bool) error {
	code, err := os.ReadFile(binary)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(target, 0o755); err != nil {
		return err
	}
	bootstrap := filepath.Join(target, "bootstrap")
	if there, err := os.ReadFile(bootstrap); err != nil || !bytes.Equal(there, code) {
		if !zips {
			if err := os.Remove(target + ".zip"); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
		if err := wholefile.WriteBytes(bootstrap, 0o755, code); err != nil {
			return err
		}
	}
	if !zips {
		return nil
	}
	return wholefile.Write(target+".zip", 0o644, func(w io.Writer) error { return Zip(w, code) })
}

// removeOthers removes what functions that no longer exist left in out: folders with a bootstrap alone, and zips. It
// leaves everything else alone, and hidden files, which may belong to a parallel build.
func removeOthers(functions []Function, out string) error {
	wanted := map[string]bool{}
	for _, f := range functions {
		wanted[f.Name], wanted[f.Name+".zip"] = true, true
	}
	entries, err := os.ReadDir(out)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		path := filepath.Join(out, entry.Name())
		if wanted[entry.Name()] || strings.HasPrefix(entry.Name(), ".") || !made(path, entry) {
			continue
		}
		if err := os.RemoveAll(path); err != nil {
			return err
		}
	}
	return nil
}

// made reports whether an entry of an output folder is of a form that this package makes.
func made(path string, entry fs.DirEntry) bool {
	if !entry.IsDir() {
		return entry.Type().IsRegular() && filepath.Ext(path) == ".zip"
	}
	inside, err := os.ReadDir(path)
	return err == nil && len(inside) == 1 && inside[0].Name() == "bootstrap"
}

// madeAt is the earliest time that the zip format can represent.
var madeAt = time.Date(1980, time.January, 1, 0, 0, 0, 0, time.UTC)

// Zip packs a binary as AWS Lambda wants it: bootstrap alone, with a fixed time and mode, so that equal binaries
// give equal bytes on every machine.
func Zip(w io.Writer, code []byte) error {
	archive := zip.NewWriter(w)
	header := &zip.FileHeader{Name: "bootstrap", Method: zip.Deflate, Modified: madeAt}
	header.SetMode(0o755)
	entry, err := archive.CreateHeader(header)
	if err != nil {
		return err
	}
	if _, err := entry.Write(code); err != nil {
		return err
	}
	return archive.Close()
}
