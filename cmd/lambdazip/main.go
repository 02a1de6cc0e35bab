// Command lambdazip packs compiled functions for AWS Lambda: for each binary of a folder it makes <out>/<name>/bootstrap
// and <out>/<name>.zip. The archive holds bootstrap alone, with fixed time and mode, so that equal binaries give equal
// bytes on every machine. It links nothing but the standard library, since every build compiles it.
package main

import (
	"archive/zip"
	"compress/flate"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

func main() {
	binaries := flag.String("binaries", "", "folder of the compiled functions, one file each")
	out := flag.String("out", "", "folder to write <name>/bootstrap and <name>.zip to")
	flag.Parse()
	if err := pack(*binaries, *out); err != nil {
		fmt.Fprintln(os.Stderr, "lambdazip:", err)
		os.Exit(1)
	}
}

// pack replaces what is in out: a function that is gone from the sources leaves no archive behind.
func pack(binaries, out string) error {
	entries, err := os.ReadDir(binaries)
	if err != nil {
		return err
	}
	if len(entries) == 0 {
		return fmt.Errorf("%s holds no binaries", binaries)
	}
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	for _, entry := range entries {
		if err := packOne(filepath.Join(binaries, entry.Name()), filepath.Join(out, entry.Name())); err != nil {
			return err
		}
	}
	return nil
}

func packOne(binary, target string) error {
	code, err := os.ReadFile(binary)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(target, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(target, "bootstrap"), code, 0o755); err != nil {
		return err
	}
	file, err := os.Create(target + ".zip")
	if err != nil {
		return err
	}
	if err := writeZip(file, code); err != nil {
		_ = file.Close()
		return err
	}
	return file.Close()
}

// madeAt is the earliest time that the format can hold.
var madeAt = time.Date(1980, time.January, 1, 0, 0, 0, 0, time.UTC)

func writeZip(w io.Writer, code []byte) error {
	archive := zip.NewWriter(w)
	archive.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(out, flate.BestCompression)
	})
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
