package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

const metadata = "Metadata-Version: 2.4\nName: disposable-email-domains\nVersion: 0.0.9\nLicense-Expression: MIT\n\n# Text\nVersion: 7\n"

// module writes a package source with n domains.
func module(n int) string {
	var b strings.Builder
	b.WriteString("blocklist = {\n")
	for i := range n {
		fmt.Fprintf(&b, "    'd%05d.example',\n", n-i)
	}
	b.WriteString("}\n\nallowlist: set[str] = set()\n")
	return b.String()
}

func wheel(t *testing.T, files map[string]string) *zip.Reader {
	t.Helper()
	var buffer bytes.Buffer
	w := zip.NewWriter(&buffer)
	for name, text := range files {
		file, err := w.CreateHeader(&zip.FileHeader{Name: name, Modified: time.Date(2026, 5, 4, 3, 2, 0, 0, time.UTC)})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	reader, err := zip.NewReader(bytes.NewReader(buffer.Bytes()), int64(buffer.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return reader
}

func TestRead(t *testing.T) {
	e, err := read(wheel(t, map[string]string{
		"disposable_email_domains/__init__.py": module(fewest),
		"x-0.0.9.dist-info/METADATA":           metadata,
		"x-0.0.9.dist-info/LICENSE.txt":        "MIT text\n",
	}))
	if err != nil {
		t.Fatal(err)
	}
	files := e.files()
	if !strings.HasPrefix(files["domains.txt"], "d00001.example\nd00002.example\n") || !strings.HasSuffix(files["domains.txt"], "\nd05000.example\n") {
		t.Errorf("domains.txt is %.60q…", files["domains.txt"])
	}
	if files["LICENSE"] != "MIT text\n" {
		t.Errorf("LICENSE is %q", files["LICENSE"])
	}
	for _, line := range []string{"Version: 0.0.9\n", "Released: 2026-05-04\n", "Domains: 5000\n"} {
		if !strings.Contains(files["SOURCE"], line) {
			t.Errorf("SOURCE lacks %q:\n%s", line, files["SOURCE"])
		}
	}
}

func TestReadRefusesWhatItDoesNotKnow(t *testing.T) {
	sound := map[string]string{
		"disposable_email_domains/__init__.py": module(fewest),
		"x.dist-info/METADATA":                 metadata,
		"x.dist-info/LICENSE.txt":              "MIT text\n",
	}
	cases := []struct{ name, file, text, want string }{
		{"few domains", "disposable_email_domains/__init__.py", module(fewest - 1), "4999 domains"},
		{"other licence", "x.dist-info/METADATA", strings.Replace(metadata, "MIT", "GPL-3.0-only", 1), `the licence is "GPL-3.0-only"`},
		{"no version", "x.dist-info/METADATA", strings.Replace(metadata, "Version: 0.0.9\n", "", 1), `version ""`},
		{"no licence text", "x.dist-info/LICENSE.txt", "", "a licence of 0 bytes"},
		{"other layout", "disposable_email_domains/__init__.py", "blocklist = load()\n", "no set named blocklist"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			files := map[string]string{}
			for name, text := range sound {
				files[name] = text
			}
			files[c.file] = c.text
			if _, err := read(wheel(t, files)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}

func TestParse(t *testing.T) {
	cases := []struct {
		name, source string
		want         []string // nil: an error
	}{
		{"sorted and once", "blocklist = {\n    'b.example',\n    'a.example',\n    'b.example',\n}\n", []string{"a.example", "b.example"}},
		{"double quotes and IDN", "x = 1\nblocklist = {\n  \"Bücher.example\",\n}\n", []string{"xn--bcher-kva.example"}},
		{"not quoted", "blocklist = {\n  a.example,\n}\n", nil},
		{"not a domain", "blocklist = {\n  'a b',\n}\n", nil},
		{"code in a line", "blocklist = {\n  'a.example', print(1),\n}\n", nil},
		{"never closed", "blocklist = {\n  'a.example',\n", nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := parse(c.source)
			if (err != nil) != (c.want == nil) || !slices.Equal(got, c.want) {
				t.Errorf("parse gives %q, error %v", got, err)
			}
		})
	}
}
