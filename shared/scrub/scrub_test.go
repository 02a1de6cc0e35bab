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
		"as it is":   {values: []any{"secret-1"}, text: "key secret-1 is wrong", want: "key [scrubbed] is wrong"},
		"other case": {values: []any{"Secret-1"}, text: "key SECRET-1", want: "key [scrubbed]"},
		"in a URL":   {values: []any{"a b&c"}, text: "GET /?q=a+b%26c", want: "GET /?q=[scrubbed]"},
		"quoted":     {values: []any{`a"bc`}, text: `text "a\"bc"`, want: `text "[scrubbed]"`},
		"local part": {
			values: []any{"person@example.org"},
			text:   "person@elsewhere.org",
			want:   "[scrubbed]@elsewhere.org",
		},
		"inside of JSON text": {values: []any{`[{"userId":55500111}]`}, text: "user 55500111", want: "user [scrubbed]"},
		"in lists and objects": {
			values: []any{map[string]any{"k": []any{"deep-value"}}},
			text:   "deep-value",
			want:   "[scrubbed]",
		},
		"names of members": {
			values: []any{map[string]any{"password": "x1y2z3"}},
			text:   "the password x1y2z3",
			want:   "the password [scrubbed]",
		},
		"overlapping":         {values: []any{"abcdef", "defghi"}, text: "abcdefghi", want: "[scrubbed]"},
		"too short to matter": {values: []any{"en"}, text: "when", want: "when"},
		"truth values":        {values: []any{"true"}, text: "true", want: "true"},
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
	slog.With("a", "canary").WithGroup("g").Info("canary", "err", errors.New("no canary"), "list", []string{"canary"},
		"thing", struct{ A string }{A: "canary"}, slog.Group("in", "b", "canary"))
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	if len(lines) != 2 || !strings.Contains(lines[0], "nothing in hand: canary") ||
		strings.Contains(lines[0], "requestId") {
		t.Fatalf("log:\n%s", log.String())
	}
	const want = `"msg":"[scrubbed]","requestId":"r","a":"[scrubbed]","g.err":"no [scrubbed]","g.list":"[scrubbed]",` +
		`"g.thing":"[struct { A string }]","g.in":{"b":"[scrubbed]"}}`
	if !strings.HasSuffix(lines[1], want) {
		t.Errorf("got  %s\nwant …%s", lines[1], want)
	}
}
