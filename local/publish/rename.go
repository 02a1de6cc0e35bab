package publish

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
)

// A renamer replaces the module path from by to.
type renamer struct {
	from, to string
	url      string   // to without its major version: what stands in the URL of a Git repository
	version  string   // replaces the version behind a renamed path
	folders  []string // the repository's top-level folders
}

func newRenamer(from, to, version string, names []string) renamer {
	r := renamer{from: from, to: to, url: to, version: version}
	if prefix, major, ok := module.SplitPathVersion(to); ok && strings.HasPrefix(major, "/") {
		r.url = prefix
	}
	for _, name := range names {
		if folder, _, ok := strings.Cut(name, "/"); ok && !slices.Contains(r.folders, folder) {
			r.folders = append(r.folders, folder)
		}
	}
	return r
}

// file returns a file's content with the path renamed.
func (r renamer) file(name string, content []byte) ([]byte, error) {
	if !utf8.Valid(content) || bytes.IndexByte(content, 0) >= 0 {
		return content, nil
	}
	var renamed []byte
	var err error
	switch {
	case path.Base(name) == "go.mod":
		renamed, err = r.goMod(name, content)
	case path.Ext(name) == ".go":
		renamed, err = r.goFile(name, content)
	default:
		renamed = []byte(r.text(string(content)))
	}
	if err != nil {
		return nil, err
	}
	return renamed, r.missed(name, string(renamed))
}

// goMod renames a module and what it requires. Nested modules, such as the tools', keep their own names.
func (r renamer) goMod(name string, content []byte) ([]byte, error) {
	gomod, err := modfile.Parse(name, content, nil)
	if err != nil {
		return nil, err
	}
	if gomod.Module != nil && gomod.Module.Mod.Path == r.from {
		if err := gomod.AddModuleStmt(r.to); err != nil {
			return nil, err
		}
	}
	for _, require := range gomod.Require {
		if require.Mod.Path == r.from {
			return nil, fmt.Errorf("%s requires %s: a nested module that needs this one cannot be renamed", name, r.from)
		}
	}
	return gomod.Format()
}

// goFile renames imports exactly, and in other strings and in comments what text finds.
func (r renamer) goFile(name string, content []byte) ([]byte, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, content, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return []byte(r.text(string(content))), nil // a test's data, such as a file that must not compile
	}
	var edits []edit
	change := func(from, to token.Pos, text string) {
		edits = append(edits, edit{files.Position(from).Offset, files.Position(to).Offset, text})
	}
	imports := map[*ast.BasicLit]bool{}
	for _, spec := range file.Imports {
		imports[spec.Path] = true
		imported, err := strconv.Unquote(spec.Path.Value)
		if rest, ok := strings.CutPrefix(imported, r.from); err == nil && ok && (rest == "" || rest[0] == '/') {
			change(spec.Path.Pos(), spec.Path.End(), strconv.Quote(r.to+rest))
		}
	}
	ast.Inspect(file, func(node ast.Node) bool {
		if literal, ok := node.(*ast.BasicLit); ok && literal.Kind == token.STRING && !imports[literal] {
			change(literal.Pos(), literal.End(), r.text(literal.Value))
		}
		return true
	})
	for _, group := range file.Comments {
		for _, comment := range group.List {
			change(comment.Pos(), comment.End(), r.text(comment.Text))
		}
	}
	renamed := apply(content, edits)
	if formatted, err := format.Source(content); err != nil || !bytes.Equal(formatted, content) {
		return renamed, nil
	}
	return format.Source(renamed) // imports may have another order now
}

// An edit replaces the bytes from start to end.
type edit struct {
	start, end int
	text       string
}

func apply(content []byte, edits []edit) []byte {
	slices.SortFunc(edits, func(a, b edit) int { return a.start - b.start })
	var out []byte
	at := 0
	for _, e := range edits {
		out = append(append(out, content[at:e.start]...), e.text...)
		at = e.end
	}
	return append(out, content[at:]...)
}

// text renames the path, and the example of the documentation, where they stand as paths. A path without a dot is a
// plain word, too: it is one only before a folder of the repository.
func (r renamer) text(s string) string {
	var out strings.Builder
	for {
		before, name, after := cut(s, r.from, Example)
		out.WriteString(before)
		if name == "" {
			return out.String()
		}
		s = after
		if !r.isPath(before, name, after) {
			out.WriteString(name)
			continue
		}
		if strings.HasSuffix(before, "://") {
			out.WriteString(r.url)
		} else {
			out.WriteString(r.to)
		}
		if match := versioned.FindStringSubmatch(s); match != nil {
			out.WriteString(match[1] + r.version)
			s = s[len(match[0]):]
		}
	}
}

// cut cuts s around the first of the names in it, which is "" if there is none. One name may end in the other.
func cut(s string, names ...string) (before, name, after string) {
	before = s
	for _, n := range names {
		if b, a, found := strings.Cut(s, n); found && (name == "" || len(b) < len(before)) {
			before, name, after = b, n, a
		}
	}
	return before, name, after
}

// versioned matches the rest of a path with a version, as in `/cmd/poolctl@v0.1.0` and `.git//terraform?ref=v0.1.0`.
var versioned = regexp.MustCompile(
	`^([^\s"'\x60<>()]*?(?:@|\?ref=))v\d+\.\d+\.\d+(?:-[0-9A-Za-z]+(?:\.[0-9A-Za-z]+)*)?`)

// isPath reports whether a name between these texts is the module's path.
func (r renamer) isPath(before, name, after string) bool {
	if last, _ := utf8.DecodeLastRuneInString(before); before != "" && inName(last) {
		return false
	}
	dotted := strings.Contains(name, ".")
	if strings.HasSuffix(before, "/") && !dotted {
		return false
	}
	if dotted {
		next, _ := utf8.DecodeRuneInString(after)
		return after == "" || next == '.' || !inName(next)
	}
	return slices.ContainsFunc(r.folders, func(folder string) bool {
		rest, ok := strings.CutPrefix(after, "/"+folder)
		next, _ := utf8.DecodeRuneInString(rest)
		return ok && (rest == "" || !inName(next))
	})
}

// inName reports whether a rune belongs to a path's element.
func inName(r rune) bool {
	return r == '-' || r == '_' || r == '.' || r == '~' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' ||
		r >= 'a' && r <= 'z'
}

// missed returns an error if code still has the old path, for example as a prefix that is joined with the rest.
func (r renamer) missed(name, text string) error {
	if ext := path.Ext(name); ext != ".go" && ext != ".tmpl" && path.Base(name) != "Makefile" &&
		!(ext == "" && strings.HasPrefix(name, ".ci/")) {
		return nil
	}
	number := 0
	for line := range strings.Lines(text) {
		number++
		for at := 0; ; {
			i := strings.Index(line[at:], r.from+"/")
			if i < 0 {
				break
			}
			before := line[:at+i]
			if last, _ := utf8.DecodeLastRuneInString(before); before == "" || !inName(last) && last != '/' {
				if !strings.HasPrefix(line[at+i:], r.to) {
					return fmt.Errorf("%s:%d: %s: renaming the module misses this path: write it whole, as in %s, or derive "+
						"it from go.mod", filepath.FromSlash(name), number, strings.TrimSpace(line),
						r.from+"/shared/events")
				}
			}
			at += i + len(r.from)
		}
	}
	return nil
}
