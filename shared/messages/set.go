package messages

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sync"
)

//go:embed templates
var embedded embed.FS

// Embedded opens the templates that come with the package, in templates/.
func Embedded() (*Set, error) {
	templates, err := fs.Sub(embedded, "templates")
	if err != nil {
		return nil, err
	}
	return Open(templates)
}

// Set is a template set: its locales and the templates parsed so far. It is safe for concurrent use.
type Set struct {
	files   fs.FS
	locales []string

	mu     sync.Mutex
	parsed map[string]blocks // by "<locale>/<kind>"
}

// Open opens a template set; its folders are the locales. Templates are read at their first use. The error names a
// folder that is not a BCP 47 tag.
func Open(files fs.FS) (*Set, error) {
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil, fmt.Errorf("read the template set: %w", err)
	}
	s := &Set{files: files, parsed: map[string]blocks{}}
	for _, entry := range entries {
		if !entry.IsDir() {
			continue
		}
		if !wellFormed(entry.Name()) {
			return nil, fmt.Errorf("template folder %q: name it by a BCP 47 tag such as en or pt-BR", entry.Name())
		}
		s.locales = append(s.locales, entry.Name())
	}
	if len(s.locales) == 0 {
		return nil, errors.New("the template set has no locale: add a folder such as en")
	}
	return s, nil
}

// Locales lists the set's locales in alphabetical order.
func (s *Set) Locales() []string { return slices.Clone(s.locales) }

// Files lists the template files of a message, in order: a block replaces the block of that name in an earlier file.
func Files(locale string, kind Kind) []string {
	return []string{"layout.tmpl", path.Join(locale, "common.tmpl"), path.Join(locale, string(kind)+".tmpl")}
}

// FS returns the file system that the set was opened on.
func (s *Set) FS() fs.FS { return s.files }

// Block writes one block of a message with the given fields, as HTML or plain text, without the checks of Compose.
func (s *Set) Block(locale string, kind Kind, block string, fields Fields, html bool) (string, error) {
	blocks, err := s.blocks(locale, kind)
	if err != nil {
		return "", err
	}
	if _, ok := blocks[block]; !ok {
		return "", fmt.Errorf("message %s/%s has no block %q", locale, kind, block)
	}
	return blocks.write(block, &fields, html), nil
}

// blocks returns the parsed templates of a kind, parsing them at their first use.
func (s *Set) blocks(locale string, kind Kind) (blocks, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := locale + "/" + string(kind)
	if parsed, ok := s.parsed[key]; ok {
		return parsed, nil
	}
	parsed, err := s.parse(locale, kind)
	if err != nil {
		return nil, fmt.Errorf("message %s: %w", key, err)
	}
	s.parsed[key] = parsed
	return parsed, nil
}

func (s *Set) parse(locale string, kind Kind) (blocks, error) {
	if !kind.Valid() || !slices.Contains(s.locales, locale) {
		return nil, errors.New("there is no such message")
	}
	parsed := blocks{}
	for _, name := range Files(locale, kind) {
		text, err := fs.ReadFile(s.files, name)
		if err != nil {
			return nil, err
		}
		if err := parsed.add(name, string(text)); err != nil {
			return nil, err
		}
	}
	for _, block := range kind.Blocks() {
		if _, ok := parsed[block]; !ok {
			return nil, fmt.Errorf("the block %q is missing: define it in %s", block, path.Join(locale, string(kind)+".tmpl"))
		}
	}
	return parsed, parsed.check()
}

// Check returns an error for every message that is incomplete or cannot be parsed.
func (s *Set) Check() error {
	var problems []error
	for _, locale := range s.locales {
		for _, kind := range Kinds() {
			if _, err := s.blocks(locale, kind); err != nil {
				problems = append(problems, err)
			}
		}
	}
	return errors.Join(problems...)
}
