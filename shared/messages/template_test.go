package messages

import (
	htmltemplate "html/template"
	"strings"
	"testing"
	texttemplate "text/template"
)

func parsed(t *testing.T, text string) blocks {
	t.Helper()
	b := blocks{}
	if err := b.add("test.tmpl", text); err != nil {
		t.Fatal(err)
	}
	if err := b.check(); err != nil {
		t.Fatal(err)
	}
	return b
}

func TestEvaluator(t *testing.T) {
	fields := &Fields{Brand: "Smith & <Co>", GivenName: "Ines", Code: "{####}"}
	for name, c := range map[string]struct{ template, text, html string }{
		"text alone":  {template: "a & b", text: "a & b", html: "a & b"},
		"field":       {template: "{{.Brand}}", text: "Smith & <Co>", html: "Smith &amp; &lt;Co&gt;"},
		"placeholder": {template: "{{.Code}}", text: "{####}", html: "{####}"},
		"dot of with": {
			template: "{{with .Brand}}{{.}}{{end}}",
			text:     "Smith & <Co>",
			html:     "Smith &amp; &lt;Co&gt;",
		},
		"placeholder in with":    {template: "{{with .Code}}{{.}}{{end}}", text: "{####}", html: "{####}"},
		"root in with":           {template: "{{with .Code}}{{$.GivenName}}{{end}}", text: "Ines", html: "Ines"},
		"with of an empty field": {template: "{{with .Support}}yes{{else}}no{{end}}", text: "no", html: "no"},
		"else with": {
			template: "{{with .FullName}}full{{else with .GivenName}}{{.}}{{end}}",
			text:     "Ines",
			html:     "Ines",
		},
		"if": {
			template: "{{if .GivenName}}yes{{end}}{{if .FullName}}no{{else}}none{{end}}",
			text:     "yesnone",
			html:     "yesnone",
		},
		"else if": {template: "{{if .FullName}}full{{else if .GivenName}}given{{end}}", text: "given", html: "given"},
		"block":   {template: `{{template "other" .}}`, text: "[Smith & <Co>]", html: "[Smith &amp; &lt;Co&gt;]"},
		"block in with": {
			template: `{{with .Code}}{{template "other" $}}{{end}}`,
			text:     "[Smith & <Co>]",
			html:     "[Smith &amp; &lt;Co&gt;]",
		},
		"trimmed space": {template: "a {{- .GivenName -}} b", text: "aInesb", html: "aInesb"},
		"comment":       {template: "a{{/* b */}}c", text: "ac", html: "ac"},
	} {
		t.Run(name, func(t *testing.T) {
			b := parsed(t, `{{define "x"}}`+c.template+`{{end}}{{define "other"}}[{{.Brand}}]{{end}}`)
			if got := b.text("x", fields); got != c.text {
				t.Errorf("text %q, want %q", got, c.text)
			}
			if got := b.html("x", fields); got != c.html {
				t.Errorf("HTML %q, want %q", got, c.html)
			}
		})
	}
}

func TestTemplateProblems(t *testing.T) {
	for name, c := range map[string]struct{ template, want string }{
		"unknown field":    {template: `{{define "x"}}{{.Secret}}{{end}}`, want: "use one field"},
		"dot alone":        {template: `{{define "x"}}{{.}}{{end}}`, want: "use one field"},
		"field of a field": {template: `{{define "x"}}{{.Brand.Name}}{{end}}`, want: "use one field"},
		"literal":          {template: `{{define "x"}}{{"a"}}{{end}}`, want: "use one field"},
		"variable":         {template: `{{define "x"}}{{$a := .Brand}}{{end}}`, want: "use one field"},
		"pipeline":         {template: `{{define "x"}}{{.Brand | .Code}}{{end}}`, want: "use one field"},
		"range":            {template: `{{define "x"}}{{range .Brand}}{{end}}{{end}}`, want: "use only define"},
		"undefined block":  {template: `{{define "x"}}{{template "y" .}}{{end}}`, want: "not defined"},
		"block without dot": {
			template: `{{define "x"}}{{template "y"}}{{end}}{{define "y"}}{{end}}`,
			want:     "pass all fields",
		},
		"block with a text": {
			template: `{{define "x"}}{{with .Code}}{{template "y" .}}{{end}}{{end}}{{define "y"}}{{end}}`,
			want:     "pass all fields",
		},
		"field of a text": {template: `{{define "x"}}{{with .Code}}{{.Brand}}{{end}}{{end}}`, want: "write $.Brand"},
		"loop of two": {
			template: `{{define "x"}}{{template "y" .}}{{end}}{{define "y"}}{{if .Code}}{{template "x" .}}{{end}}{{end}}`,
			want:     "calls itself",
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := blocks{}
			if err := b.add("test.tmpl", c.template); err != nil {
				t.Fatal(err)
			}
			if err := b.check(); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one that says %q", err, c.want)
			}
		})
	}
}

// FuzzTemplate feeds arbitrary template text to the parser. What passes the check is evaluated as text/template does
// it.
func FuzzTemplate(f *testing.F) {
	for _, seed := range []string{
		`{{define "x"}}a{{.Brand}}{{end}}`, `{{define "x"}}{{with .Code}}{{.}}{{$.Brand}}{{else}}b{{end}}{{end}}`,
		`{{define "x"}}{{template "x" .}}{{end}}`, `{{if .Link}}`,
		`{{define "x"}}{{- if .Link -}} a {{- else if .Code -}} b {{end}}{{end}}`,
	} {
		f.Add(seed, "Smith & <Co>")
	}
	f.Fuzz(func(t *testing.T, text, value string) {
		if len(text) > 2000 {
			return
		}
		b := blocks{}
		if b.add("fuzz.tmpl", text) != nil || b.check() != nil {
			return
		}
		reference, err := texttemplate.New("fuzz.tmpl").Parse(text)
		if err != nil {
			t.Fatalf("text/template refuses what was accepted: %v", err)
		}
		fields := &Fields{Brand: value, Code: "{####}"}
		for name := range b {
			var want strings.Builder
			if err := reference.ExecuteTemplate(&want, name, fields); err != nil {
				t.Fatal(err)
			}
			if got := b.text(name, fields); got != want.String() {
				t.Errorf("block %q: %q, want %q", name, got, want.String())
			}
			b.html(name, fields)
		}
	})
}

// FuzzEscape holds the escaping of values to html/template's.
func FuzzEscape(f *testing.F) {
	reference := htmltemplate.Must(htmltemplate.New("").Parse(`<p title="{{.}}">{{.}}</p>`))
	f.Add(`<script>alert("x" + 'y')</script>&amp;` + "\x00\uFEFF")
	f.Fuzz(func(t *testing.T, value string) {
		var want strings.Builder
		if err := reference.Execute(&want, value); err != nil {
			t.Fatal(err)
		}
		escaped := escape.Replace(value)
		if got := `<p title="` + escaped + `">` + escaped + `</p>`; got != want.String() {
			t.Errorf("%q, want %q", got, want.String())
		}
	})
}
