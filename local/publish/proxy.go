package publish

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
	"golang.org/x/mod/zip"
)

// addToProxy adds a version to a module proxy and returns its archive. See https://go.dev/ref/mod#goproxy-protocol.
func addToProxy(proxy, dir string, m module.Version, at time.Time, names []string) (string, error) {
	escaped, err := module.EscapePath(m.Path)
	if err != nil {
		return "", err
	}
	version, err := module.EscapeVersion(m.Version)
	if err != nil {
		return "", err
	}
	folder := filepath.Join(proxy, filepath.FromSlash(escaped), "@v")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	archive := filepath.Join(folder, version+".zip")
	if err := writeZip(archive, dir, m, names); err != nil {
		return "", err
	}
	info, err := json.Marshal(struct {
		Version string
		Time    time.Time
	}{m.Version, at.UTC().Truncate(time.Second)})
	if err != nil {
		return "", err
	}
	gomod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return "", err
	}
	for ext, content := range map[string][]byte{".info": info, ".mod": gomod} {
		if err := os.WriteFile(filepath.Join(folder, version+ext), content, 0o644); err != nil {
			return "", err
		}
	}
	return archive, addToList(filepath.Join(folder, "list"), m.Version)
}

func addToList(path, version string) error {
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	versions := append(strings.Fields(string(text)), version)
	semver.Sort(versions)
	return os.WriteFile(path, []byte(strings.Join(slices.Compact(versions), "\n")+"\n"), 0o644)
}

// writeZip writes the module's archive and checks it by Go's rules for size and names. Nested modules are left out.
func writeZip(archive, dir string, m module.Version, names []string) (err error) {
	var all []zip.File
	for _, name := range names {
		all = append(all, file{dir: dir, name: name})
	}
	checked, err := zip.CheckFiles(all)
	if err != nil {
		return err
	}
	for _, omitted := range checked.Omitted {
		if !nested(omitted.Path, names) {
			return fmt.Errorf("%s would be missing from the module: %w", omitted.Path, omitted.Err)
		}
	}
	if !slices.Contains(checked.Valid, "LICENSE") {
		return errors.New("LICENSE is missing: without it, nobody may use the module")
	}
	out, err := os.Create(archive)
	if err != nil {
		return err
	}
	if err := errors.Join(zip.Create(out, m, all), out.Close()); err != nil {
		return err
	}
	checked, err = zip.CheckZip(m, archive)
	return errors.Join(err, checked.Err())
}

// nested reports whether a file belongs to a module in a folder of its own.
func nested(name string, names []string) bool {
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if slices.Contains(names, dir+"/go.mod") {
			return true
		}
	}
	return false
}

// file is a file of the module for the package zip.
type file struct{ dir, name string }

func (f file) Path() string                 { return f.name }
func (f file) Lstat() (fs.FileInfo, error)  { return os.Lstat(f.path()) }
func (f file) Open() (io.ReadCloser, error) { return os.Open(f.path()) }
func (f file) path() string                 { return filepath.Join(f.dir, filepath.FromSlash(f.name)) }
