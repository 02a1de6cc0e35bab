package pool

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"cognito-triggers/local/userpool/poolclient"
)

// fake behaves like a pool, but fails every n-th sign-up or, if wrong, returns the same address for everybody.
type fake struct {
	failEvery int64
	wrong     bool
	signUps   atomic.Int64
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client is gone
	}
	var in struct {
		AccessToken    string
		AuthParameters map[string]string
	}
	_ = json.Unmarshal(raw, &in)
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	switch operation {
	case "SignUp":
		if n := f.signUps.Add(1); f.failEvery > 0 && n%f.failEvery == 0 {
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = fmt.Fprint(w, `{"__type":"InternalError","message":"dictionary changed size"}`)
			return
		}
		_, _ = fmt.Fprint(w, `{"UserConfirmed":false,"UserSub":"x"}`)
	case "AdminConfirmSignUp":
		_, _ = fmt.Fprint(w, `{}`)
	case "InitiateAuth":
		// The token is the user's name.
		_, _ = fmt.Fprintf(w, `{"AuthenticationResult":{"AccessToken":%q,"IdToken":"i","RefreshToken":"r"}}`,
			in.AuthParameters["USERNAME"])
	case "GetUser":
		email := in.AccessToken
		if f.wrong {
			email = "somebody@example.com"
		}
		_, _ = fmt.Fprintf(w, `{"Username":"x","UserAttributes":[{"Name":"email","Value":%q}]}`, email)
	}
}

func TestRound(t *testing.T) {
	for name, c := range map[string]struct {
		fake    *fake
		version string // ministack's; empty for our pool
		failed  int
		want    string // in the error
	}{
		"all right":                 {fake: &fake{}},
		"ministack fails sometimes": {fake: &fake{failEvery: 5}, version: "1", failed: 4},
		"ministack fails always":    {fake: &fake{failEvery: 1}, version: "1", want: "only 0 of 20 flows succeeded"},
		"ours fails once":           {fake: &fake{failEvery: 20}, want: "dictionary changed size"},
		"ours gives another user":   {fake: &fake{wrong: true}, want: "another user"},
	} {
		t.Run(name, func(t *testing.T) {
			web := httptest.NewServer(c.fake)
			defer web.Close()
			contestant := &contestant{
				pool:   "p",
				client: "c",
				server: &server{pid: os.Getpid(), version: c.version, cognito: poolclient.New(web.URL, "eu-west-1")},
			}
			err := contestant.round(t.Context(), 20, 4)
			if c.want != "" {
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Fatalf("error = %v, want %q", err, c.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if contestant.failed != c.failed || len(contestant.rates) != 1 || contestant.rates[0] <= 0 {
				t.Errorf("%d failed, want %d; flows per second %v", contestant.failed, c.failed, contestant.rates)
			}
			if n := c.fake.signUps.Load(); n != 20 {
				t.Errorf("%d sign-ups, want 20", n)
			}
		})
	}
}
