package functionlog

import (
	"encoding/json"
	"testing"
	"time"
)

func TestBody(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ text, want string }{
		"plain":  {text: "hello", want: "hello"},
		"empty":  {text: "", want: ""},
		"a list": {text: `["a"]`, want: `["a"]`},
		"slog": {
			text: `{"time":"2026-03-04T05:06:07Z","level":"ERROR","msg":"the handler failed","requestId":"r-1",` +
				`"error":"no table"}`,
			want: `ERROR  the handler failed  error="no table"`,
		},
		"an error that aws-lambda-go reports": {
			text: `{"level":"INFO","msg":"{\"errorMessage\":\"no table\",\"errorType\":\"E\"}","a":1}`,
			want: `INFO  no table  a=1  errorType=E`,
		},
		"JSON as a message": {text: `{"level":"INFO","msg":"{\"b\":2}"}`, want: `INFO  {"b":2}`},
		"another request's": {
			text: `{"level":"INFO","msg":"m","requestId":"r-2"}`, want: "INFO  m  requestId=r-2",
		},
		"nested": {
			text: `{"level":"INFO","msg":"m","user":{"id":7,"tags":["a","b"]},"ok":true,"none":null,"empty":""}`,
			want: `INFO  m  user.id=7  user.tags=a,b  ok=true  none=null  empty=""`,
		},
		"a stack": {
			text: `{"level":"ERROR","msg":"m","stack":"one\n\ttwo\n","n":1}`,
			want: "ERROR  m  n=1\n    stack:\n        one\n          two",
		},
		"metrics": {
			text: `{"_aws":{"Timestamp":1},"FunctionName":"f","Outcome":"answered","RequestId":"r-1","Duration":1.5}`,
			want: "METRICS  FunctionName=f  Outcome=answered  Duration=1.5",
		},
		"somebody's own JSON":   {text: `{"a":1}`, want: `{"a":1}`},
		"not quite JSON":        {text: `{"level":"INFO","msg":"m"} more`, want: `{"level":"INFO","msg":"m"} more`},
		"a terminal's commands": {text: "\x1b[2J" + `x`, want: "?[2Jx"},
		"commands in a value": {
			text: `{"level":"INFO","msg":"m\u001b[2J","a":"\u001b[2J"}`, want: `INFO  m?[2J  a="\x1b[2J"`,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			line := Line{RequestID: "r-1", Text: c.text}
			got := line.Body()
			if got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
			if again := line.Parsed().Parsed().Body(); again != got {
				t.Errorf("parsed twice: %q", again)
			}
		})
	}
}

func TestString(t *testing.T) {
	t.Parallel()
	line := Line{
		At: time.Date(2026, 3, 4, 5, 6, 7, 89_000_000, time.Local), Function: "f", RequestID: "0123456789", Text: "x",
	}
	if got := line.String(); got != "05:06:07.089  f  01234567  x" {
		t.Errorf("%q", got)
	}
	if line.RequestID = ""; line.String() != "05:06:07.089  f  -  x" {
		t.Errorf("%q", line.String())
	}
}

// Whatever a function prints, its line is one JSON document and text that cannot control a terminal.
func FuzzLine(f *testing.F) {
	f.Add(`{"level":"INFO","msg":"m","a":{"b":[1,{}]}}`)
	f.Add("\x1b]0;title\x07")
	f.Fuzz(func(t *testing.T, text string) {
		line := Line{Text: text}.Parsed()
		if raw, err := json.Marshal(line); err != nil || !json.Valid(raw) {
			t.Errorf("error %v, JSON %s", err, raw)
		}
		for _, r := range line.String() {
			if r < ' ' && r != '\n' || r == 0x7f {
				t.Errorf("%q has a control character", line.String())
			}
		}
	})
}
