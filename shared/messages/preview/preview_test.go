package preview

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"cognito-triggers/shared/messages"
)

var brand = messages.Brand{
	Name:           "Smith & <Sons>",
	SupportAddress: "help@example.org",
	SignInURL:      "https://app.example.org/",
}

func read(t *testing.T, elements ...string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(elements...))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestWrite(t *testing.T) {
	set, err := messages.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "new", "preview")
	index, err := Write(dir, set, brand)
	if err != nil {
		t.Fatal(err)
	}
	overview := read(t, index)
	for _, locale := range set.Locales() {
		for _, kind := range messages.Kinds() {
			page := locale + "/" + string(kind)
			if !strings.Contains(overview, `href="`+page+`.html"`) {
				t.Errorf("index.html does not lead to %s.html", page)
			}
			sheet, mail := read(t, dir, page+".html"), read(t, dir, page+".mail.html")
			if !strings.Contains(sheet, string(kind)+".mail.html") || !strings.Contains(mail, "Smith &amp; &lt;Sons&gt;") {
				t.Errorf("%s: page or mail is not complete", page)
			}
			if strings.Contains(sheet+mail, "{####}") || strings.Contains(sheet+mail, "{username}") ||
				strings.Contains(sheet+mail, "{##") {
				t.Errorf("%s: a placeholder has no sample", page)
			}
		}
	}
	for file, want := range map[string]string{
		"en/SignUp.html":               "of 140 characters",
		"en/SignUp.mail.html":          "394017",
		"ko/SignUp.link.html":          `<a href="#">이메일 주소 인증하기</a>`,
		"ko/SignUp.mail.html":          "김서연님",
		"en/AdminCreateUser.mail.html": "Xk4-tPz9",
		"en/Welcome.html":              "Text for programs without HTML",
		"en/ForgotPassword.short.html": "394017",
	} {
		if text := read(t, dir, file); !strings.Contains(text, want) {
			t.Errorf("%s lacks %q", file, want)
		}
	}
}

func TestWriteShowsProblems(t *testing.T) {
	embedded, err := messages.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{}
	for _, kind := range messages.Kinds() {
		for _, name := range messages.Files("en", kind) {
			data, err := fs.ReadFile(embedded.FS(), name)
			if err != nil {
				t.Fatal(err)
			}
			files[name] = &fstest.MapFile{Data: data}
		}
	}
	files["en/SignUp.tmpl"] = &fstest.MapFile{Data: []byte("{{")}
	set, err := messages.Open(files)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	index, err := Write(dir, set, brand)
	if err == nil || !strings.Contains(err.Error(), "en/SignUp") {
		t.Errorf("error %v, want one that names en/SignUp", err)
	}
	if text := read(t, index); !strings.Contains(text, "Problems") || !strings.Contains(text, "en/ForgotPassword.html") {
		t.Error("the overview lacks the problem, or the messages without one")
	}
}

func TestWriteNeedsAFolder(t *testing.T) {
	set, err := messages.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(filepath.Join(file, "preview"), set, brand); err == nil {
		t.Error("no error for a folder inside of a file")
	}
}
