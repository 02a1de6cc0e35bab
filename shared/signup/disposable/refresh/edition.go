package main

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"cognito-triggers/shared/signup"
)

// fewest is the minimum length of an edition: a shorter one is broken and would accept what the last one refused.
const fewest = 5000

// edition is one release of the list.
type edition struct {
	version  string
	released time.Time // when the package was built
	license  string    // the package's licence text; its notice must stay with the copy
	domains  []string
}

// read reads the list from the package's wheel.
func read(wheel *zip.Reader) (edition, error) {
	var e edition
	for _, file := range wheel.File {
		var err error
		switch {
		case file.Name == "disposable_email_domains/__init__.py":
			e.released = file.Modified
			var source string
			if source, err = content(file); err == nil {
				e.domains, err = parse(source)
			}
		case path.Base(file.Name) == "METADATA":
			var metadata string
			if metadata, err = content(file); err == nil {
				e.version, err = checkMetadata(metadata)
			}
		case strings.HasPrefix(path.Base(file.Name), "LICENSE"):
			e.license, err = content(file)
		}
		if err != nil {
			return edition{}, fmt.Errorf("%s: %w", file.Name, err)
		}
	}
	if e.version == "" || e.license == "" || len(e.domains) < fewest {
		return edition{},
			fmt.Errorf("the package has version %q, a licence of %d bytes and %d domains: its layout must have changed",
				e.version, len(e.license), len(e.domains))
	}
	return e, nil
}

func content(file *zip.File) (string, error) {
	const most = 16 << 20
	reader, err := file.Open()
	if err != nil {
		return "", err
	}
	defer reader.Close()
	data, err := io.ReadAll(io.LimitReader(reader, most))
	return string(data), err
}

// parse reads the module's source without running it: a set named blocklist with one quoted domain per line.
func parse(source string) ([]string, error) {
	_, list, found := strings.Cut(source, "blocklist = {\n")
	list, _, closed := strings.Cut(list, "\n}")
	if !found || !closed {
		return nil, errors.New("no set named blocklist")
	}
	var domains []string
	for line := range strings.Lines(list) {
		quoted := strings.TrimSuffix(strings.TrimSpace(line), ",")
		name := strings.Trim(quoted, `'"`)
		if len(quoted) != len(name)+2 {
			return nil, fmt.Errorf("line %q is not a quoted domain", line)
		}
		domain, err := signup.ParseDomain(name)
		if err != nil {
			return nil, fmt.Errorf("line %q: %w", line, err)
		}
		domains = append(domains, domain)
	}
	slices.Sort(domains)
	return slices.Compact(domains), nil
}

// checkMetadata returns the package's version. It fails if the licence has changed, so that a person reads the new one.
func checkMetadata(metadata string) (version string, err error) {
	header, _, _ := strings.Cut(metadata, "\n\n")
	license := ""
	for line := range strings.Lines(header) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch name {
		case "Version":
			version = value
		case "License-Expression":
			license = value
		}
	}
	if license != "MIT" {
		return "", fmt.Errorf("the licence was MIT and is now %q: read it before you use this edition", license)
	}
	return version, nil
}

// files returns the edition as the files of the list's folder.
func (e edition) files() map[string]string {
	return map[string]string{
		"domains.txt": strings.Join(e.domains, "\n") + "\n",
		"LICENSE":     e.license,
		"SOURCE": fmt.Sprintf(`Package: %s (Python)
Project: disposable-email-domains/disposable-email-domains
Version: %s
Released: %s
Licence: list CC0-1.0 (public domain), package MIT (see LICENSE)
Domains: %d

The domains are the package's blocklist, sorted by bytes and otherwise unchanged. To take the newest edition, run
go run ./shared/signup/disposable/refresh in the repository's root.
`, packageName, e.version, e.released.UTC().Format(time.DateOnly), len(e.domains)),
	}
}
