package loginpages

import (
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"
)

const markup = `"'><img src=x onerror=alert(1)><script>alert(1)</script>`

// fill puts a text into every string below a value.
func fill(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), text)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(v.Index(i), text)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), text)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int:
		v.SetInt(8)
	}
}

func written(t *testing.T, language string, p Page) *httptest.ResponseRecorder {
	t.Helper()
	pages, err := New(time.Now)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	pages.Write(w, httptest.NewRequest(http.MethodGet, "/", nil), http.StatusOK, language, p)
	return w
}

// Whatever a page says, in whichever member, is text and no markup, and no link leads to a script.
func TestMarkupIsText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{markup, "javascript:alert(1)", "data:text/html,<script>alert(1)</script>"} {
		for _, language := range languages() {
			var p Page
			fill(reflect.ValueOf(&p).Elem(), text)
			p.Key.Picture = "data:image/png;base64,AAAA" // the one member of our own making
			page := written(t, language, p).Body.String()
			for _, bad := range []string{"<img src=x", "<script>", `href="javascript:`,
				`action="javascript:`, `href="data:text`} {
				if strings.Contains(page, bad) {
					t.Errorf("in %s the page has %s:\n%s", language, bad, page)
				}
			}
			if strings.Contains(page, "<no value>") {
				t.Errorf("the page lacks something:\n%s", page)
			}
		}
	}
}

// Pages load nothing from elsewhere, run no script but that of passkeys, are shown in no frame and kept in no cache.
func TestHeadersOfPages(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		page             Page
		script, referrer string
	}{
		"a message": {Page{Title: "x"}, "", "no-referrer"},
		"a form":    {Page{Forms: []Form{{Action: "/login"}}}, "", "same-origin"},
		"a passkey": {Page{Passkey: &Passkey{Options: "{}"}, Forms: []Form{{Scripted: true}}}, "; script-src 'self'",
			"same-origin"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := written(t, Default, c.page).Header()
			for header, want := range map[string]string{
				"Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; " +
					"frame-ancestors 'none'" + c.script,
				"X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
				"Referrer-Policy": c.referrer, "Content-Type": "text/html; charset=utf-8",
			} {
				if got := h.Get(header); got != want {
					t.Errorf("%s: %q, want %q", header, got, want)
				}
			}
		})
	}
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]string{
		"": "en", "ko": "ko", "ko-KR,ko;q=0.9,en;q=0.8": "ko", "de-DE, ko;q=0.5": "ko", "de": "en", "KO": "ko", ";;,,-": "en",
	} {
		if got := Language(accept); got != want {
			t.Errorf("%q is %s, want %s", accept, got, want)
		}
	}
}

// A problem belongs to its field, which gets the focus.
func TestProblemsBelongToFields(t *testing.T) {
	t.Parallel()
	fields := []Field{
		{Name: "username", Focus: true},
		{Name: "password", Type: "password", Hint: Hint{Least: 8, With: []string{"numbers"}}},
	}
	page := written(t, "ko", Page{Problem: "what a trigger says", Wrong: []string{"password"},
		Forms: []Form{{Fields: fields}}}).Body.String()
	for _, want := range []string{
		`role="alert" lang="en">what a trigger says`,
		`aria-describedby="hint-password problem" aria-invalid="true" autofocus`,
		`id="hint-password">8자 이상 · 숫자 포함<`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s:\n%s", want, page)
		}
	}
	if strings.Count(page, "autofocus") != 1 {
		t.Errorf("not one field has the focus:\n%s", page)
	}
}
