package trigger

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"cognito-triggers/shared/events"
	"cognito-triggers/shared/scrub"
)

func TestEverySpellingIsHidden(t *testing.T) {
	const event = `{"triggerSource":"PreSignUp_ExternalProvider","userName":"Google_107353998",
		"request":{"userAttributes":{
		"email":"canary@bücher.example","phone_number":821012345678,"family_name":"ÉCLAIR",
		"identities":"[{\"userId\":55500111}]"},"clientMetadata":{"a":"error"}}}`
	cases := map[string]struct{ text, secret string }{
		"number":                 {text: "call 821012345678", secret: "821012345678"},
		"number inside of text":  {text: "user 55500111", secret: "55500111"},
		"subject of a user name": {text: "Source user 107353998 exists", secret: "107353998"},
		"domain spelled as IDN":  {text: "to canary@xn--bcher-kva.example", secret: "canary"},
		"lower case":             {text: "name éclair", secret: "éclair"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, _, log, _ := invoke(t, func(ctx context.Context, _ *events.PreSignUpEvent) error {
				slog.InfoContext(ctx, "kept", "error", c.text)
				return nil
			}, event)
			if strings.Contains(log, c.secret) || !strings.Contains(log, `"msg":"kept"`) {
				t.Errorf("log: %s", log)
			}
			if !strings.Contains(log, `"error":"`) {
				t.Errorf("a value of the event blotted out the name of a field: %s", log)
			}
		})
	}
}

func TestValuesThatArePartsOfTheMarkDoNotMultiplyIt(t *testing.T) {
	var metadata []string
	for from := range len(scrub.Mark) {
		for to := from + scrub.Shortest; to <= len(scrub.Mark); to++ {
			metadata = append(metadata, fmt.Sprintf(`"k%d.%d":%q`, from, to, scrub.Mark[from:to]))
		}
	}
	event := `{"triggerSource":"PreSignUp_SignUp","request":{"userAttributes":{"email":"canary@example.org"},` +
		`"clientMetadata":{` + strings.Join(metadata, ",") + `}}}`
	_, _, log, _ := invoke(t, func(ctx context.Context, _ *events.PreSignUpEvent) error {
		slog.InfoContext(ctx, "user canary@example.org and canary@example.org")
		return nil
	}, event)
	if len(log) > 500 || strings.Contains(log, "canary") {
		t.Errorf("log of %d bytes: %.300s", len(log), log)
	}
}

type nilError struct{ text string }

func (e *nilError) Error() string { return e.text }

func TestNilErrorsDoNotEndTheProcess(t *testing.T) {
	_, line, _, err := invoke(t, func(ctx context.Context, _ *events.PreSignUpEvent) error {
		var missing *nilError
		slog.InfoContext(ctx, "logged", "error", missing)
		return missing
	}, signUp)
	if err == nil || err.Error() != GenericMessage("request-1") || line["Outcome"] != Failed {
		t.Errorf("error %v, metrics line %v", err, line)
	}
}

// The test is for the race detector.
func TestParallelInvocations(t *testing.T) {
	invoke(t, func(context.Context, *events.PreSignUpEvent) error { return nil }, signUp) // sets the logger up
	handler := New(events.PreSignUp, func(context.Context, *events.PreSignUpEvent) error {
		slog.Info("without context")
		return nil
	}, io.Discard)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, err := handler.Invoke(context.Background(), []byte(signUp)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}
