package userpool

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cognito-triggers/local/userpool/state"
	"cognito-triggers/local/userpool/state/disk"
)

// unkept is a store that can keep nothing any more.
type unkept struct{ state.Durable }

func (unkept) Sync() error { return errors.New("the disk is full") }

func postTo(s *Server, operation, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1/", strings.NewReader(body))
	r.Header.Set("X-Amz-Target", targetPrefix+operation)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func keep(t *testing.T, dir string) *disk.Store {
	t.Helper()
	store, err := disk.Open(dir, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() }) // a test may have closed it
	return store
}

// No answer leaves that depends on something that was not kept, and no word of it either.
func TestAnswersWaitForTheDisk(t *testing.T) {
	t.Parallel()
	s := Open(Options{Store: unkept{keep(t, t.TempDir())}})
	w := postTo(s, "CreateUserPool", `{"PoolName":"people"}`)
	if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "people") ||
		!strings.Contains(w.Body.String(), "InternalErrorException") {
		t.Errorf("status %d: %s", w.Code, w.Body)
	}
	if err := s.Call(t.Context(), "CreateUserPool", map[string]string{"PoolName": "people"}, nil); err == nil {
		t.Error("Call answered")
	}
	for _, path := range []string{"/local/messages", "/" + s.Store().Pools()[0].ID + "/.well-known/jwks.json"} {
		r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1"+path, nil)
		r.RemoteAddr = "127.0.0.1:50000"
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != http.StatusInternalServerError {
			t.Errorf("%s: status %d", path, w.Code)
		}
	}
}

// The second of two pools or clients of one name gets the next id, in every run the same.
func TestStableIDs(t *testing.T) {
	t.Parallel()
	ids := func(owner, key string) (all []string) {
		s := Open(Options{IDs: StableIDs(owner, []byte(key))})
		for range 2 {
			var pool struct{ UserPool struct{ Id string } }
			var client struct {
				UserPoolClient struct{ ClientId, ClientSecret string }
			}
			err := s.Call(t.Context(), "CreateUserPool", map[string]string{"PoolName": "people"}, &pool)
			if err == nil {
				err = s.Call(t.Context(), "CreateUserPoolClient", map[string]any{
					"UserPoolId": pool.UserPool.Id, "ClientName": "app", "GenerateSecret": true,
				}, &client)
			}
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, pool.UserPool.Id, client.UserPoolClient.ClientId, client.UserPoolClient.ClientSecret)
		}
		return all
	}
	first := ids("example.com/a", "k")
	if again := ids("example.com/a", "k"); strings.Join(first, " ") != strings.Join(again, " ") {
		t.Errorf("%v, then %v", first, again)
	}
	other := ids("example.com/a", "another key")
	if first[0] != other[0] || first[1] != other[1] || first[2] == other[2] {
		t.Errorf("with another key: %v, want other secrets than %v", other, first)
	}
	seen := map[string]bool{}
	for _, id := range append(first, ids("example.com/b", "k")...) {
		if seen[id] {
			t.Errorf("%s is used twice", id)
		}
		seen[id] = true
	}
}

// The inbox of a kept pool goes on where it ended.
func TestMessagesOutliveTheServer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for n := 1; n <= 2; n++ {
		store := keep(t, dir)
		s := Open(Options{Store: store, IDs: StableIDs("a", nil)})
		if n == 1 {
			if err := s.Call(t.Context(), "CreateUserPool", map[string]any{
				"PoolName": "people", "UsernameAttributes": []string{"email"}, "AutoVerifiedAttributes": []string{"email"},
			}, nil); err != nil {
				t.Fatal(err)
			}
		}
		in := map[string]any{"UserPoolId": store.Pools()[0].ID, "Username": string(rune('a'+n)) + "@example.org"}
		if err := s.Call(t.Context(), "AdminCreateUser", in, nil); err != nil {
			t.Fatal(err)
		}
		messages := s.Inbox().Messages(0)
		if len(messages) != n || messages[n-1].Number != n || messages[0].To != "b@example.org" {
			t.Errorf("run %d: messages %+v", n, messages)
		}
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
