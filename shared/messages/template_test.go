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
		"text alone":             {"a & b", "a & b", "a & b"},
		"field":                  {"{{.Brand}}", "Smith & <Co>", "Smith &amp; &lt;Co&gt;"},
		"placeholder":            {"{{.Code}}", "{####}", "{####}"},
		"dot of with":            {"{{with .Brand}}{{.}}{{end}}", "Smith & <Co>", "Smith &amp; &lt;Co&gt;"},
		"placeholder in with":    {"{{with .Code}}{{.}}{{end}}", "{####}", "{####}"},
		"root in with":           {"{{with .Code}}{{$.GivenName}}{{end}}", "Ines", "Ines"},
		"with of an empty field": {"{{with .Support}}yes{{else}}no{{end}}", "no", "no"},
		"else with":              {"{{with .FullName}}full{{else with .GivenName}}{{.}}{{end}}", "Ines", "Ines"},
		"if":                     {"{{if .GivenName}}yes{{end}}{{if .FullName}}no{{else}}none{{end}}", "yesnone", "yesnone"},
		"else if":                {"{{if .FullName}}full{{else if .GivenName}}given{{end}}", "given", "given"},
		"block":                  {`{{template "other" .}}`, "[Smith & <Co>]", "[Smith &amp; &lt;Co&gt;]"},
		"block in with":          {`{{with .Code}}{{template "other" $}}{{end}}`, "[Smith & <Co>]", "[Smith &amp; &lt;Co&gt;]"},
		"trimmed space":          {"a {{- .GivenName -}} b", "aInesb", "aInesb"},
		"comment":                {"a{{/* b */}}c", "ac", "ac"},
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
		"unknown field":     {`{{define "x"}}{{.Secret}}{{end}}`, "use one field"},
		"dot alone":         {`{{define "x"}}{{.}}{{end}}`, "use one field"},
		"field of a field":  {`{{define "x"}}{{.Brand.Name}}{{end}}`, "use one field"},
		"literal":           {`{{define "x"}}{{"a"}}{{end}}`, "use one field"},
		"variable":          {`{{define "x"}}{{$a := .Brand}}{{end}}`, "use one field"},
		"pipeline":          {`{{define "x"}}{{.Brand | .Code}}{{end}}`, "use one field"},
		"range":             {`{{define "x"}}{{range .Brand}}{{end}}{{end}}`, "use only define"},
		"undefined block":   {`{{define "x"}}{{template "y" .}}{{end}}`, "not defined"},
		"block without dot": {`{{define "x"}}{{template "y"}}{{end}}{{define "y"}}{{end}}`, "pass all fields"},
		"block with a text": {`{{define "x"}}{{with .Code}}{{template "y" .}}{{end}}{{end}}{{define "y"}}{{end}}`, "pass all fields"},
		"field of a text":   {`{{define "x"}}{{with .Code}}{{.Brand}}{{end}}{{end}}`, "write $.Brand"},
		"loop of two":       {`{{define "x"}}{{template "y" .}}{{end}}{{define "y"}}{{if .Code}}{{template "x" .}}{{end}}{{end}}`, "calls itself"},
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

// FuzzTemplate feeds arbitrary template text to the parser. What passes the check is evaluated as text/template does it.
func FuzzTemplate(f *testing.F) {
	for _, seed := range []string{
		`{{define "x"}}a{{.Brand}}{{end}}`, `{{define "x"}}{{with .Code}}{{.}}{{$.Brand}}{{else}}b{{end}}{{end}}`,
		`{{define "x"}}{{template "x" .}}{{end}}`, `{{if .Link}}`, `{{define "x"}}{{- if .Link -}} a {{- else if .Code -}} b {{end}}{{end}}`,
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
