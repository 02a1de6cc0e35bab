package seslight

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"testing"

	"cognito-triggers/shared/sending"
	"cognito-triggers/shared/sending/ses"
	"cognito-triggers/shared/settings"
)

// Both senders make the same request and class errors alike.
func TestSendsAsTheClientDoes(t *testing.T) {
	t.Parallel()
	var bodies []any
	var paths []string
	status, answer := http.StatusOK, `{"MessageId":"m-1"}`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body any
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			t.Error(err)
		}
		bodies, paths = append(bodies, body), append(paths, r.URL.Path)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(server.Close)
	env := settings.FromMap(map[string]string{
		"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_ENDPOINT_URL": server.URL,
	})
	senders := []sending.EmailSender{ses.FromSettings(env), FromSettings(env)}
	if err := env.Err(); err != nil {
		t.Fatal(err)
	}
	for name, mail := range map[string]sending.Email{
		"all": {
			From: "Example <hello@example.org>", To: "ines@example.org", ReplyTo: "help@example.org", Subject: "Bonjour é",
			HTML: "<p>é</p>", Text: "é", ConfigurationSet: "set", Tags: map[string]string{"b": "2", "a": "1"},
		},
		"least": {From: "hello@example.org", To: "ines@example.org", Subject: "Hi", Text: "Hi"},
	} {
		bodies, paths = nil, nil
		for _, sender := range senders {
			if id, err := sender.SendEmail(t.Context(), mail); id != "m-1" || err != nil {
				t.Errorf("%s: id %q, error %v", name, id, err)
			}
		}
		if !reflect.DeepEqual(bodies[0], bodies[1]) || paths[0] != paths[1] {
			t.Errorf("%s: requests\n%v %v\n%v %v", name, paths[0], bodies[0], paths[1], bodies[1])
		}
	}
	for code, c := range map[string]struct {
		status int
		want   sending.Class
	}{
		"MessageRejected":     {status: 400, want: sending.Permanent},
		"AccessDenied":        {status: 403, want: sending.Temporary},
		"InternalServerError": {status: 500, want: sending.Temporary},
	} {
		status, answer = c.status, `{"__type":"`+code+`"}`
		for i, sender := range senders {
			if _, err := sender.SendEmail(t.Context(), sending.Email{Subject: "Hi"}); sending.ClassOf(err) != c.want {
				t.Errorf("%s, sender %d: %v, want %v", code, i, err, c.want)
			}
		}
	}
}
