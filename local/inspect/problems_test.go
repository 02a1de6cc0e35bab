package inspect_test

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cognito-triggers/local/inspect"
	"cognito-triggers/local/userpool"
	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/events/sample"
)

// answers is a function that returns the same response for every event.
type answers json.RawMessage

func (a answers) Invoke(_ context.Context, _ string, event []byte) ([]byte, error) {
	return events.ReplaceResponse(event, json.RawMessage(a))
}

// A misspelt response member is reported with the event, for every hook.
func TestMisspeltMembersOfEveryHook(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "shared", "cognito", "answer", "testdata", "misspelt.json"))
	if err != nil {
		t.Fatal(err)
	}
	var misspelt map[cognito.Hook]struct {
		Response json.RawMessage
		Place    string
	}
	if err := json.Unmarshal(text, &misspelt); err != nil {
		t.Fatal(err)
	}
	for _, hook := range cognito.Hooks() {
		t.Run(string(hook), func(t *testing.T) {
			t.Parallel()
			pool := userpool.Open(userpool.Options{})
			server := httptest.NewServer(pool)
			t.Cleanup(server.Close)
			source := hook.Sources()[0]
			event, err := sample.Event(source, "")
			if err != nil {
				t.Fatal(err)
			}
			var sent struct{ Request json.RawMessage }
			if err := json.Unmarshal(event, &sent); err != nil {
				t.Fatal(err)
			}
			firer := fire.Firer{Invoker: answers(misspelt[hook].Response), Now: time.Now, Log: pool.Events()}
			_, err = firer.Fire(t.Context(), fire.Call{
				Hook: hook, Source: source, ARN: "arn:aws:lambda:eu-west-1:000000000000:function:f", Version: "1",
				Region: "eu-west-1",
				PoolID: "eu-west-1_Pool00001", UserName: "ines", ClientID: fire.NoClient, SES: true, Request: sent.Request,
			})
			contract := hook.Contract()
			if refused := contract.Breach == cognito.Refused || contract.Breach == cognito.Invalid; (err != nil) != refused {
				t.Errorf("error %v, want one: %v", err, refused)
			}
			client, err := inspect.Open(server.URL, "")
			if err != nil {
				t.Fatal(err)
			}
			var out strings.Builder
			if err := client.Show(t.Context(), &out, inspect.Events, inspect.Options{}); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(out.String(), misspelt[hook].Place+": is ") {
				t.Errorf("the events do not say that %s is wrong:\n%s", misspelt[hook].Place, out.String())
			}
		})
	}
}
