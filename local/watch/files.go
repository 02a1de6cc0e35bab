package watch

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/parser"
	"go/token"
	"hash"
	"hash/maphash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// fresh is how long after its last change a file's time does not tell whether it has changed again: file systems count
// in ticks of some milliseconds.
const fresh = 100 * time.Millisecond

// files remembers what is in files, so that only those that changed are read again.
type files struct {
	known map[string]content
	seed  maphash.Seed
}

func newFiles() files { return files{known: map[string]content{}, seed: maphash.MakeSeed()} }

// content is what a file held when it had a state.
type content struct {
	state string
	sum   string // of the whole content
	shape string // of what decides which other files count: imports, embed and build lines
}

// look is one look at the files of several functions, each of which is examined once.
type look struct {
	files  *files
	now    time.Time
	dirs   map[string][]string
	states map[string]string
	hashes map[string]uint64 // of paths with their states
}

func (f *files) look() *look {
	return &look{files: f, now: time.Now(), dirs: map[string][]string{}, states: map[string]string{},
		hashes: map[string]uint64{}}
}

func (l *look) list(dir string) []string {
	names, done := l.dirs[dir]
	if !done {
		if folder, err := os.Open(dir); err == nil {
			names, _ = folder.Readdirnames(-1) // of a folder that goes meanwhile, what was read
			_ = folder.Close()
		}
		l.dirs[dir] = names
	}
	return names
}

// state returns what changes whenever the file does, without reading it if it has not changed lately.
func (l *look) state(path string) string {
	state, done := l.states[path]
	if done {
		return state
	}
	info, err := os.Stat(path)
	switch {
	case err != nil || !info.Mode().IsRegular():
		state = "none"
	case l.now.Sub(info.ModTime()) < fresh:
		text, _ := os.ReadFile(path)
		state = fmt.Sprint("fresh ", sum(text))
	default:
		text := strconv.AppendInt(nil, info.Size(), 36)
		text = strconv.AppendInt(append(text, ' '), info.ModTime().UnixNano(), 36)
		state = string(strconv.AppendUint(append(text, ' '), inode(info), 36))
	}
	l.states[path] = state
	return state
}

// inode returns the number of the file itself, which is another one if an editor has replaced the file.
func inode(info fs.FileInfo) uint64 {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return s.Ino
	}
	return 0
}

// sign returns what changes whenever one of the inputs does. It also changes when none does.
func (l *look) sign(in inputs) (sign uint64) {
	in.each(l.list, func(path string) {
		hash, done := l.hashes[path]
		if !done {
			hash = maphash.String(l.files.seed, path+"\x00"+l.state(path))
			l.hashes[path] = hash
		}
		sign += hash // in any order
	})
	return sign
}

// key returns a hash of the inputs' paths and contents, one of what decides which files are inputs, and the contents'
// hashes by path.
func (l *look) key(in inputs) (key, shape string, sums map[string]string) {
	whole, outline, sums := sha256.New(), sha256.New(), map[string]string{}
	for _, path := range in.paths(l.list) {
		c := l.files.read(path, l.state(path))
		sums[path] = c.sum
		writeAll(whole, path, c.sum)
		writeAll(outline, path, c.shape)
	}
	return hex.EncodeToString(whole.Sum(nil)), hex.EncodeToString(outline.Sum(nil)), sums
}

func (f *files) read(path, state string) content {
	if c, there := f.known[path]; there && c.state == state {
		return c
	}
	c := content{state: state}
	if text, err := os.ReadFile(path); err == nil {
		c.sum = sum(text)
		c.shape = shapeOf(path, text)
	}
	f.known[path] = c
	return c
}

// shapeOf returns the lines of a file that decide which other files count.
func shapeOf(path string, text []byte) string {
	switch filepath.Base(path) {
	case "go.mod":
		return sum(text)
	}
	if filepath.Ext(path) != ".go" {
		return ""
	}
	var shape strings.Builder
	file, err := parser.ParseFile(token.NewFileSet(), path, text, parser.ImportsOnly)
	if err != nil {
		return sum(text)
	}
	for _, imported := range file.Imports {
		shape.WriteString(imported.Path.Value + "\n")
	}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "//go:embed") || strings.HasPrefix(line, "//go:build") {
			shape.WriteString(line)
		}
	}
	return shape.String()
}

func sum(text []byte) string {
	s := sha256.Sum256(text)
	return hex.EncodeToString(s[:])
}

// writeAll writes texts so that no others give the same hash.
func writeAll(h hash.Hash, texts ...string) {
	for _, text := range texts {
		_, _ = io.WriteString(h, fmt.Sprint(len(text), ":", text)) // never fails
	}
}

// changed returns one path whose content differs, relative to root; "" if none does.
func changed(root string, before, after map[string]string) string {
	for path, was := range before {
		if after[path] != was {
			return relative(root, path)
		}
	}
	for path := range after {
		if _, there := before[path]; !there {
			return relative(root, path)
		}
	}
	return ""
}

func relative(root, path string) string {
	if short, err := filepath.Rel(root, path); err == nil {
		return filepath.ToSlash(short)
	}
	return path
}
