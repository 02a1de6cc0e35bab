// Command lambdazip packs compiled functions for AWS Lambda: for each binary in a folder it writes
// <out>/<name>/bootstrap and <out>/<name>.zip. The archive contains only bootstrap, with a fixed time and mode, so that
// equal binaries give equal bytes on every machine. It uses only the standard library, because every build compiles it.
package main

import (
	"archive/zip"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

func main() {
	binaries := flag.String("binaries", "", "folder of the compiled functions, one file per function")
	out := flag.String("out", "", "folder to write <name>/bootstrap and <name>.zip to")
	flag.Parse()
	if err := pack(*binaries, *out); err != nil {
		fmt.Fprintln(os.Stderr, "lambdazip:", err)
		os.Exit(1)
	}
}

// pack writes the archives and removes those in out whose function no longer exists. It replaces each file atomically,
// so that running functions and parallel builds never see a partial one.
func pack(binaries, out string) error {
	entries, err := os.ReadDir(binaries)
	if err != nil {
		return err
	}
	if len(entries) == 0 {
		return fmt.Errorf("%s contains no binaries", binaries)
	}
	wanted := map[string]bool{}
	errs := make([]error, len(entries))
	var group sync.WaitGroup
	for i, entry := range entries {
		wanted[entry.Name()], wanted[entry.Name()+".zip"] = true, true
		group.Go(func() { // compressing takes longest
			errs[i] = packOne(filepath.Join(binaries, entry.Name()), filepath.Join(out, entry.Name()))
		})
	}
	group.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	return removeOthers(out, wanted)
}

func packOne(binary, target string) error {
	code, err := os.ReadFile(binary)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(target, 0o755); err != nil {
		return err
	}
	err = replace(filepath.Join(target, "bootstrap"), 0o755, func(w io.Writer) error {
		_, err := w.Write(code)
		return err
	})
	if err != nil {
		return err
	}
	return replace(target+".zip", 0o644, func(w io.Writer) error { return writeZip(w, code) })
}

// replace writes path atomically.
func replace(path string, mode os.FileMode, write func(io.Writer) error) (err error) {
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

// removeOthers leaves hidden files alone: they may belong to a parallel build.
func removeOthers(out string, wanted map[string]bool) error {
	entries, err := os.ReadDir(out)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if !wanted[entry.Name()] && !strings.HasPrefix(entry.Name(), ".") {
			if err := os.RemoveAll(filepath.Join(out, entry.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// madeAt is the earliest time that the zip format can represent.
var madeAt = time.Date(1980, time.January, 1, 0, 0, 0, 0, time.UTC)

func writeZip(w io.Writer, code []byte) error {
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
