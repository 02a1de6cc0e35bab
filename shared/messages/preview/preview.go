// Package preview writes every message of a template set as pages for a browser, with sample values where Cognito
// inserts its own. Functions do not link it.
package preview

import (
	"embed"
	"errors"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"strings"

	"cognito-triggers/shared/messages"
	"cognito-triggers/shared/messages/lint"
)

//go:embed pages/*.tmpl
var pages embed.FS

// Write writes the pages into dir, which it creates if needed, and returns the path of index.html. It leaves out
// messages that cannot be written. The error lists those and everything that package lint reports.
func Write(dir string, set *messages.Set, brand messages.Brand) (index string, err error) {
	w := writer{dir: dir}
	if w.pages, err = template.ParseFS(pages, "pages/*.tmpl"); err != nil {
		return "", err
	}
	problems := lint.Set(set)
	contents := overview{Brand: brand.Name}
	for _, locale := range set.Locales() {
		section := section{Locale: locale}
		for _, kind := range messages.Kinds() {
			sheet, err := newSheet(set, brand, locale, kind)
			if err != nil {
				problems = errors.Join(problems, fmt.Errorf("message %s/%s: %w", locale, kind, err))
				continue
			}
			w.sheet(sheet)
			section.Sheets = append(section.Sheets, sheet)
		}
		contents.Sections = append(contents.Sections, section)
	}
	if problems != nil {
		contents.Problems = strings.Split(problems.Error(), "\n")
	}
	w.page("index.html", "index.tmpl", contents)
	return filepath.Join(dir, "index.html"), errors.Join(w.err, problems)
}

// overview is what index.tmpl shows.
type overview struct {
	Brand    string
	Sections []section
	Problems []string
}

type section struct {
	Locale string
	Sheets []*sheet
}

// writer writes files until the first error.
type writer struct {
	dir   string
	pages *template.Template
	err   error
}

func (w *writer) sheet(s *sheet) {
	for _, mail := range s.Mails {
		w.file(filepath.Join(s.Locale, mail.File), mail.HTML)
	}
	w.page(filepath.Join(s.Locale, s.File()), "sheet.tmpl", s)
}

func (w *writer) page(name, page string, data any) {
	if w.err != nil {
		return
	}
	var out strings.Builder
	if w.err = w.pages.ExecuteTemplate(&out, page, data); w.err == nil {
		w.file(name, out.String())
	}
}

func (w *writer) file(name, text string) {
	if w.err != nil {
		return
	}
	path := filepath.Join(w.dir, name)
	if w.err = os.MkdirAll(filepath.Dir(path), 0o755); w.err == nil {
		w.err = os.WriteFile(path, []byte(text), 0o644)
	}
}
