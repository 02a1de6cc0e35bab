package lint

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"cognito-triggers/shared/messages"
)

func embedded(t *testing.T) *messages.Set {
	t.Helper()
	set, err := messages.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// copied returns the embedded templates as a set that a test can change.
func copied(t *testing.T) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	from := embedded(t).FS()
	err := fs.WalkDir(from, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(from, path)
		files[path] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestEmbeddedTemplates(t *testing.T) {
	set := embedded(t)
	if got := strings.Join(set.Locales(), " "); got != "en ko" {
		t.Errorf("locales %q, want en and ko", got)
	}
	if err := Set(set); err != nil {
		t.Error(err)
	}
}

func TestProblems(t *testing.T) {
	const good = `<p>{{template "greeting" .}}</p>`
	for name, c := range map[string]struct{ file, old, new, want string }{
		"missing file":          {"ko/Welcome.tmpl", "", "", "ko/Welcome.tmpl"},
		"missing block":         {"en/SignUp.tmpl", `{{define "sms-short"}}`, `{{define "sms-brief"}}`, `the block "sms-short" is missing`},
		"syntax error":          {"en/SignUp.tmpl", good, `{{if}}`, "missing value for if"},
		"unknown field":         {"en/SignUp.tmpl", good, `{{.Password}}`, "use one field"},
		"function":              {"en/SignUp.tmpl", good, `{{printf .Brand}}`, `"printf" not defined`},
		"loop":                  {"en/common.tmpl", `Hello,{{end}}`, `{{template "greeting" .}}{{end}}`, "calls itself"},
		"value in a script":     {"en/SignUp.tmpl", good, good + `<script>x = {{.Brand}}</script>`, "html/template writes it differently"},
		"value in a style":      {"en/SignUp.tmpl", good, `<p style="color:{{.Support}}">x</p>`, "html/template writes it differently"},
		"name in a link":        {"en/SignUp.tmpl", good, `<p><a href="{{.GivenName}}">x</a></p>`, "html/template writes it differently"},
		"brand after a path":    {"en/SignUp.tmpl", good, `<p><a href="https://example.org/{{.Locale}}">x</a></p>`, "stands where it is not safe"},
		"code in an attribute":  {"en/SignUp.tmpl", `{{template "code" .}}`, `<p title="{{.Code}}">x</p>`, "stands where it is not safe"},
		"value without quotes":  {"en/SignUp.tmpl", good, `<p title={{.Brand}}>x</p>`, "html/template writes it differently"},
		"comment":               {"en/SignUp.tmpl", good, `<!-- hello -->`, "html/template writes it differently"},
		"open element":          {"en/SignUp.tmpl", good, `<p>x`, "closes nothing"},
		"element closed twice":  {"en/SignUp.tmpl", good, `</p>`, "closes nothing"},
		"image":                 {"en/SignUp.tmpl", good, `<img src="https://example.org/a.png">`, "no place in a mail"},
		"background from afar":  {"en/SignUp.tmpl", good, `<p style="background:url(https://example.org/a.png)">x</p>`, "loads or runs"},
		"zero-width character":  {"en/SignUp.tmpl", good, "<p>a\u200Bb</p>", `refuses the character '\u200b'`},
		"two codes":             {"en/SignUp.tmpl", good, `<p>{{.Code}}</p>`, "lacks its code"},
		"no code":               {"en/ForgotPassword.tmpl", `{{template "code" .}}`, ``, "lacks its code"},
		"user name twice":       {"en/AdminCreateUser.tmpl", good, `<p>{{.Username}}</p>`, "lacks its code"},
		"long SMS":              {"ko/Authentication.tmpl", `다른 사람에게 알려 주지 마세요.`, strings.Repeat("가", 90), "too long"},
		"text outside a define": {"ko/common.tmpl", `{{define "greeting"}}`, `hello {{define "greeting"}}`, "outside of {{define}}"},
	} {
		t.Run(name, func(t *testing.T) {
			files := copied(t)
			if c.old == "" {
				delete(files, c.file)
			} else if text := string(files[c.file].Data); strings.Contains(text, c.old) {
				files[c.file] = &fstest.MapFile{Data: []byte(strings.Replace(text, c.old, c.new, 1))}
			} else {
				t.Fatalf("%s does not hold %q", c.file, c.old)
			}
			set, err := messages.Open(files)
			if err != nil {
				t.Fatal(err)
			}
			if err := Set(set); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one that says %q", err, c.want)
			}
		})
	}
}

// TestNewLocale adds a locale by adding files.
func TestNewLocale(t *testing.T) {
	files := copied(t)
	for name, file := range files {
		if rest, ok := strings.CutPrefix(name, "en/"); ok {
			files["pt-BR/"+rest] = file
		}
	}
	files["pt-BR/Authentication.tmpl"] = &fstest.MapFile{Data: []byte(
		strings.ReplaceAll(string(files["en/Authentication.tmpl"].Data), "Your sign-in code", "Seu código de acesso"))}
	set, err := messages.Open(files)
	if err != nil {
		t.Fatal(err)
	}
	if err := Set(set); err != nil {
		t.Fatal(err)
	}
	composer := messages.NewComposer(set, messages.Brand{Name: "Example"}, "en", "locale")
	m, err := composer.Compose(messages.Request{
		Kind: messages.Authentication, Attributes: map[string]string{"locale": "pt_BR"}, Code: "{####}", Email: true,
	})
	if err != nil || m.Locale != "pt-BR" || !strings.Contains(m.HTML, "Seu código de acesso") || !strings.Contains(m.HTML, `<html lang="pt-BR"`) {
		t.Errorf("got locale %q, error %v, mail %s", m.Locale, err, m.HTML)
	}
	delete(files, "pt-BR/Authentication.tmpl")
	if set, err = messages.Open(files); err != nil {
		t.Fatal(err)
	}
	if err := Set(set); err == nil || !strings.Contains(err.Error(), "pt-BR/Authentication") {
		t.Errorf("error %v, want one that names pt-BR/Authentication", err)
	}
}
