// Command refresh replaces the embedded list of disposable e-mail domains by the newest edition of the Python package
// disposable-email-domains, which the list's maintainers publish. It downloads the package with pip, which honours a
// configured mirror or proxy.
//
// Run it in the repository's root: go run ./shared/signup/disposable/refresh
package main

import (
	"archive/zip"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

const packageName = "disposable-email-domains"

func main() {
	log.SetFlags(0)
	log.SetPrefix("refresh: ")
	directory := flag.String("dir", "shared/signup/disposable", "folder of the list")
	version := flag.String("version", "", "edition to fetch instead of the newest one")
	python := flag.String("python", "python3", "Python whose pip fetches the package")
	flag.Parse()
	if err := refresh(*directory, *python, *version); err != nil {
		log.Fatal(err)
	}
}

func refresh(directory, python, version string) error {
	if _, err := os.Stat(filepath.Join(directory, "domains.txt")); err != nil {
		return fmt.Errorf("no list in %s: run this in the repository's root, or name the folder with -dir", directory)
	}
	temporary, err := os.MkdirTemp("", "disposable")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temporary)
	wheel, err := download(temporary, python, version)
	if err != nil {
		return err
	}
	edition, err := read(&wheel.Reader)
	if err = errors.Join(err, wheel.Close()); err != nil {
		return err
	}
	for name, content := range edition.files() {
		if err := os.WriteFile(filepath.Join(directory, name), []byte(content), 0o644); err != nil {
			return err
		}
	}
	log.Printf("%d domains of version %s", len(edition.domains), edition.version)
	return nil
}

// download fetches the package's wheel into a folder without installing or running anything.
func download(folder, python, version string) (*zip.ReadCloser, error) {
	requirement := packageName
	if version != "" {
		requirement += "==" + version
	}
	command := exec.Command(python, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
		"--no-deps", "--only-binary", ":all:", "--dest", folder, requirement)
	if output, err := command.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("pip cannot download %s: %w\n%s", requirement, err, strings.TrimSpace(string(output)))
	}
	wheels, err := filepath.Glob(filepath.Join(folder, "*.whl"))
	if err != nil || len(wheels) != 1 {
		return nil, fmt.Errorf("pip left %d wheels, want 1", len(wheels))
	}
	return zip.OpenReader(wheels[0])
}
