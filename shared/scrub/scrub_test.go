package scrub

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"cognito-triggers/shared/settings"
)

func TestText(t *testing.T) {
	cases := map[string]struct {
		values     []any
		text, want string
	}{
		"as it is":             {[]any{"secret-1"}, "key secret-1 is wrong", "key [scrubbed] is wrong"},
		"other case":           {[]any{"Secret-1"}, "key SECRET-1", "key [scrubbed]"},
		"in a URL":             {[]any{"a b&c"}, "GET /?q=a+b%26c", "GET /?q=[scrubbed]"},
		"quoted":               {[]any{`a"bc`}, `text "a\"bc"`, `text "[scrubbed]"`},
		"local part":           {[]any{"person@example.org"}, "person@elsewhere.org", "[scrubbed]@elsewhere.org"},
		"inside of JSON text":  {[]any{`[{"userId":55500111}]`}, "user 55500111", "user [scrubbed]"},
		"in lists and objects": {[]any{map[string]any{"k": []any{"deep-value"}}}, "deep-value", "[scrubbed]"},
		"names of members":     {[]any{map[string]any{"password": "x1y2z3"}}, "the password x1y2z3", "the password [scrubbed]"},
		"overlapping":          {[]any{"abcdef", "defghi"}, "abcdefghi", "[scrubbed]"},
		"too short to matter":  {[]any{"en"}, "when", "when"},
		"truth values":         {[]any{"true"}, "true", "true"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var secrets Secrets
			secrets.From(func(into *[]string) {
				for _, value := range c.values {
					Collect(value, into)
				}
			})
			if got := Text(secrets.Values())(c.text); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestSecretsAreLookedForWhenALineIsLogged(t *testing.T) {
	looked := 0
	var secrets Secrets
	secrets.From(func(into *[]string) { looked++; Collect("of the event", into) })
	secrets.Hide("learned later", "x")
	if looked != 0 {
		t.Error("they were looked for at once")
	}
	for range 2 {
		if got := Text(secrets.Values())("of the event, learned later, x"); got != "[scrubbed], [scrubbed], x" {
			t.Errorf("got %q", got)
		}
	}
	if looked != 1 {
		t.Errorf("they were looked for %d times", looked)
	}
}

func TestUseLog(t *testing.T) {
	previous := slog.Default()
	t.Cleanup(func() { slog.SetDefault(previous) })
	var log bytes.Buffer
	var secrets *Secrets
	env := settings.FromMap(map[string]string{"LOG_LEVEL": "loud"})
	UseLog(&log, env, func(context.Context) ([]slog.Attr, *Secrets) {
		return []slog.Attr{slog.String("requestId", "r")}, secrets
	})
	if err := env.Err(); err == nil || !strings.Contains(err.Error(), "LOG_LEVEL is unknown") {
		t.Errorf("error = %v", err)
	}
	slog.Info("nothing in hand: canary")
	slog.Debug("below the level")
	secrets = new(Secrets)
	secrets.From(func(into *[]string) { Collect("canary", into) })
	slog.With("a", "canary").WithGroup("g").Info("canary", "err", errors.New("no canary"), "list", []string{"canary"}, "thing", struct{ A string }{"canary"}, slog.Group("in", "b", "canary"))
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	if len(lines) != 2 || !strings.Contains(lines[0], "nothing in hand: canary") || strings.Contains(lines[0], "requestId") {
		t.Fatalf("log:\n%s", log.String())
	}
	const want = `"msg":"[scrubbed]","requestId":"r","a":"[scrubbed]","g.err":"no [scrubbed]","g.list":"[scrubbed]","g.thing":"[struct { A string }]","g.in":{"b":"[scrubbed]"}}`
	if !strings.HasSuffix(lines[1], want) {
		t.Errorf("got  %s\nwant …%s", lines[1], want)
	}
}
