package replay_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cognito-triggers/local/replay"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events/sample"
	"cognito-triggers/shared/golden"
)

// A misspelt response member from a compiled function fails the replay, for every hook.
func TestMisspeltMembersOfEveryHook(t *testing.T) {
	s := odd(t)
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
			c := golden.Case{Trigger: "odd", Event: asking(t, hook, misspelt[hook].Response)}
			c.Want.Response = misspelt[hook].Response
			if hook != cognito.CustomMessage {
				c.Config.Unchecked = "the function is at another hook"
			}
			got := replay.One(t.Context(), s, withSES(c)).Err
			if got == nil || !strings.Contains(got.Error(), misspelt[hook].Place+": is ") {
				t.Errorf("error %v, want one about %s", got, misspelt[hook].Place)
			}
			if got != nil && strings.Contains(got.Error(), "want") {
				t.Errorf("the function did not respond as asked: %v", got)
			}
		})
	}
}

// asking returns a sample event that makes the odd function return a response.
func asking(t *testing.T, hook cognito.Hook, response json.RawMessage) []byte {
	t.Helper()
	text, err := sample.Event(hook.Sources()[0], "")
	if err != nil {
		t.Fatal(err)
	}
	var event, request map[string]any
	if err := json.Unmarshal(text, &event); err != nil {
		t.Fatal(err)
	}
	request = event["request"].(map[string]any)
	request["clientMetadata"] = map[string]string{"Do": "respond", "Text": string(response)}
	if text, err = json.Marshal(event); err != nil {
		t.Fatal(err)
	}
	return text
}
