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
		"missing file": {file: "ko/Welcome.tmpl", want: "ko/Welcome.tmpl"},
		"missing block": {
			file: "en/SignUp.tmpl",
			old:  `{{define "sms-short"}}`,
			new:  `{{define "sms-brief"}}`,
			want: `the block "sms-short" is missing`,
		},
		"syntax error":  {file: "en/SignUp.tmpl", old: good, new: `{{if}}`, want: "missing value for if"},
		"unknown field": {file: "en/SignUp.tmpl", old: good, new: `{{.Password}}`, want: "use one field"},
		"function":      {file: "en/SignUp.tmpl", old: good, new: `{{printf .Brand}}`, want: `"printf" not defined`},
		"loop": {
			file: "en/common.tmpl",
			old:  `Hello,{{end}}`,
			new:  `{{template "greeting" .}}{{end}}`,
			want: "calls itself",
		},
		"value in a script": {
			file: "en/SignUp.tmpl",
			old:  good,
			new:  good + `<script>x = {{.Brand}}</script>`,
			want: "html/template writes it differently",
		},
		"value in a style": {
			file: "en/SignUp.tmpl",
			old:  good,
			new:  `<p style="color:{{.Support}}">x</p>`,
			want: "html/template writes it differently",
		},
		"name in a link": {
			file: "en/SignUp.tmpl",
			old:  good,
			new:  `<p><a href="{{.GivenName}}">x</a></p>`,
			want: "html/template writes it differently",
		},
		"brand after a path": {
			file: "en/SignUp.tmpl",
			old:  good,
			new:  `<p><a href="https://example.org/{{.Locale}}">x</a></p>`,
			want: "is not safe there",
		},
		"code in an attribute": {
			file: "en/SignUp.tmpl",
			old:  `{{template "code" .}}`,
			new:  `<p title="{{.Code}}">x</p>`,
			want: "is not safe there",
		},
		"value without quotes": {
			file: "en/SignUp.tmpl",
			old:  good,
			new:  `<p title={{.Brand}}>x</p>`,
			want: "html/template writes it differently",
		},
		"comment": {
			file: "en/SignUp.tmpl",
			old:  good,
			new:  `<!-- hello -->`,
			want: "html/template writes it differently",
		},
		"open element":         {file: "en/SignUp.tmpl", old: good, new: `<p>x`, want: "closes nothing"},
		"element closed twice": {file: "en/SignUp.tmpl", old: good, new: `</p>`, want: "closes nothing"},
		"image": {
			file: "en/SignUp.tmpl",
			old:  good,
			new:  `<img src="https://example.org/a.png">`,
			want: "not allowed in a mail",
		},
		"background from afar": {
			file: "en/SignUp.tmpl",
			old:  good,
			new:  `<p style="background:url(https://example.org/a.png)">x</p>`,
			want: "loads or runs",
		},
		"zero-width character": {
			file: "en/SignUp.tmpl",
			old:  good,
			new:  "<p>a\u200Bb</p>",
			want: `refuses the character '\u200b'`,
		},
		"two codes": {file: "en/SignUp.tmpl", old: good, new: `<p>{{.Code}}</p>`, want: "lacks its code"},
		"no code":   {file: "en/ForgotPassword.tmpl", old: `{{template "code" .}}`, want: "lacks its code"},
		"user name twice": {
			file: "en/AdminCreateUser.tmpl",
			old:  good,
			new:  `<p>{{.Username}}</p>`,
			want: "lacks its code",
		},
		"long SMS": {
			file: "ko/Authentication.tmpl",
			old:  `다른 사람에게 알려 주지 마세요.`,
			new:  strings.Repeat("가", 90),
			want: "too long",
		},
		"text outside a define": {
			file: "ko/common.tmpl",
			old:  `{{define "greeting"}}`,
			new:  `hello {{define "greeting"}}`,
			want: "outside of {{define}}",
		},
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
	if err != nil || m.Locale != "pt-BR" || !strings.Contains(m.HTML, "Seu código de acesso") ||
		!strings.Contains(m.HTML, `<html lang="pt-BR"`) {
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
