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

const metadata = "Metadata-Version: 2.4\nName: disposable-email-domains\nVersion: 0.0.9\nLicense-Expression: " +
	"MIT\n\n# Text\nVersion: 7\n"

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
	if !strings.HasPrefix(files["domains.txt"], "d00001.example\nd00002.example\n") ||
		!strings.HasSuffix(files["domains.txt"], "\nd05000.example\n") {
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
		{name: "few domains", file: "disposable_email_domains/__init__.py", text: module(fewest - 1), want: "4999 domains"},
		{
			name: "other licence",
			file: "x.dist-info/METADATA",
			text: strings.Replace(metadata, "MIT", "GPL-3.0-only", 1),
			want: `the licence was MIT and is now "GPL-3.0-only"`,
		},
		{
			name: "no version",
			file: "x.dist-info/METADATA",
			text: strings.Replace(metadata, "Version: 0.0.9\n", "", 1),
			want: `version ""`,
		},
		{name: "no licence text", file: "x.dist-info/LICENSE.txt", want: "a licence of 0 bytes"},
		{
			name: "other layout",
			file: "disposable_email_domains/__init__.py",
			text: "blocklist = load()\n",
			want: "no set named blocklist",
		},
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
		{
			name:   "sorted and once",
			source: "blocklist = {\n    'b.example',\n    'a.example',\n    'b.example',\n}\n",
			want:   []string{"a.example", "b.example"},
		},
		{
			name:   "double quotes and IDN",
			source: "x = 1\nblocklist = {\n  \"Bücher.example\",\n}\n",
			want:   []string{"xn--bcher-kva.example"},
		},
		{name: "not quoted", source: "blocklist = {\n  a.example,\n}\n", want: nil},
		{name: "not a domain", source: "blocklist = {\n  'a b',\n}\n", want: nil},
		{name: "code in a line", source: "blocklist = {\n  'a.example', print(1),\n}\n", want: nil},
		{name: "never closed", source: "blocklist = {\n  'a.example',\n", want: nil},
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
