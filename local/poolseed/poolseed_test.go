package poolseed_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"cognito-triggers/local/poolseed"
	"cognito-triggers/local/userpool"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/local/userpool/state/disk"
)

type object = map[string]any

// pool opens a server with a pool whose users sign in with their address.
func pool(t *testing.T, store state.Store) (*userpool.Server, string) {
	t.Helper()
	s := userpool.Open(userpool.Options{Store: store, IDs: userpool.StableIDs("example.com/a", nil)})
	for _, p := range s.Store().Pools() {
		return s, p.ID
	}
	var made struct{ UserPool struct{ Id string } }
	in := object{"PoolName": "people", "UsernameAttributes": []string{"email"}}
	if err := s.Call(t.Context(), "CreateUserPool", in, &made); err != nil {
		t.Fatal(err)
	}
	return s, made.UserPool.Id
}

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "seed.json")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t *testing.T, text string) poolseed.Seed {
	t.Helper()
	seed, err := poolseed.Read(write(t, text))
	if err != nil {
		t.Fatal(err)
	}
	return seed
}

const people = `{
  "groups": [{ "name": "editors", "precedence": 0 }],
  "users": [
    { "username": "ines@example.org", "attributes": { "name": "Ines", "email_verified": "true" },
      "password": "Correct-horse-7", "groups": ["editors"] },
    { "username": "paul@example.org", "temporary_password": "Correct-horse-8" },
    { "username": "rosa@example.org", "password": "Correct-horse-9", "enabled": false }
  ]
}`

// user is what the tests compare.
type user struct {
	Status   string
	Disabled bool
	Name     string
	Groups   string
}

func usersOf(s *userpool.Server, pool string) map[string]user {
	all := map[string]user{}
	for _, u := range s.Store().Users(pool) {
		var groups []string
		for _, g := range s.Store().GroupsOf(pool, u.Username) {
			groups = append(groups, g.Name)
		}
		all[u.Attributes["email"]] = user{u.Status, u.Disabled, u.Attributes["name"], strings.Join(groups, " ")}
	}
	return all
}

func subsOf(s *userpool.Server, pool string) (subs []string) {
	for _, u := range s.Store().Users(pool) {
		subs = append(subs, u.Attributes["email"]+" "+u.Sub())
	}
	slices.Sort(subs)
	return subs
}

func TestApply(t *testing.T) {
	t.Parallel()
	s, id := pool(t, nil)
	made, err := read(t, people).Apply(t.Context(), s, id)
	if err != nil || made != (poolseed.Made{Groups: 1, Users: 3}) {
		t.Fatalf("made %+v, %v", made, err)
	}
	want := map[string]user{
		"ines@example.org": {Status: "CONFIRMED", Name: "Ines", Groups: "editors"},
		"paul@example.org": {Status: "FORCE_CHANGE_PASSWORD"},
		"rosa@example.org": {Status: "CONFIRMED", Disabled: true},
	}
	if got := usersOf(s, id); !reflect.DeepEqual(got, want) {
		t.Errorf("users %+v, want %+v", got, want)
	}
	if sent := s.Inbox().Messages(0); len(sent) != 0 {
		t.Errorf("%d messages were sent", len(sent))
	}
	other, otherID := pool(t, nil)
	if _, err := read(t, people).Apply(t.Context(), other, otherID); err != nil {
		t.Fatal(err)
	}
	if got, want := subsOf(other, otherID), subsOf(s, id); id != otherID || !slices.Equal(got, want) {
		t.Errorf("another run has other subs: %v, want %v", got, want)
	}
}

// A kept pool gets only what it lacks; what was changed in the meantime stays.
func TestApplyAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	open := func() (*disk.Store, *userpool.Server, string) {
		store, err := disk.Open(dir, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		s, id := pool(t, store)
		return store, s, id
	}
	store, s, id := open()
	if _, err := read(t, people).Apply(t.Context(), s, id); err != nil {
		t.Fatal(err)
	}
	for operation, in := range map[string]object{
		"AdminEnableUser":          {"UserPoolId": id, "Username": "rosa@example.org"},
		"AdminDeleteUser":          {"UserPoolId": id, "Username": "paul@example.org"},
		"AdminRemoveUserFromGroup": {"UserPoolId": id, "Username": "ines@example.org", "GroupName": "editors"},
	} {
		if err := s.Call(t.Context(), operation, in, nil); err != nil {
			t.Fatal(operation, err)
		}
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	store, s, id = open()
	defer store.Close()
	made, err := read(t, people).Apply(t.Context(), s, id)
	if err != nil || made != (poolseed.Made{Users: 1}) {
		t.Fatalf("made %+v, %v", made, err)
	}
	want := map[string]user{
		"ines@example.org": {Status: "CONFIRMED", Name: "Ines"},
		"paul@example.org": {Status: "FORCE_CHANGE_PASSWORD"},
		"rosa@example.org": {Status: "CONFIRMED"},
	}
	if got := usersOf(s, id); !reflect.DeepEqual(got, want) {
		t.Errorf("users %+v, want %+v", got, want)
	}
}

// A run that was killed before it set the password is finished by the next one.
func TestApplyFinishes(t *testing.T) {
	t.Parallel()
	s, id := pool(t, nil)
	in := object{"UserPoolId": id, "Username": "ines@example.org", "MessageAction": "SUPPRESS"}
	if err := s.Call(t.Context(), "AdminCreateUser", in, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := read(t, people).Apply(t.Context(), s, id); err != nil {
		t.Fatal(err)
	}
	if got := usersOf(s, id)["ines@example.org"]; got.Status != "CONFIRMED" || got.Groups != "editors" {
		t.Errorf("Ines is %+v", got)
	}
}

func TestErrorsNameTheMember(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"no JSON":        {text: `{`, want: "line 1"},
		"unknown member": {text: `{"users":[{"mail":"x"}]}`, want: `users[0]: unknown field "mail"`},
		"wrong type":     {text: `{"users":[{"username":7}]}`, want: "username"},
		"no name":        {text: `{"users":[{"password":"x"}]}`, want: "users[0].username: is missing"},
		"no password":    {text: `{"users":[{"username":"a"}]}`, want: "users[0].password: give either"},
		"both": {
			text: `{"users":[{"username":"a","password":"x","temporary_password":"y"}]}`, want: "give either",
		},
		"twice": {
			text: `{"users":[{"username":"a","password":"x"},{"username":"a","password":"x"}]}`,
			want: "users[1].username: users[0] has the same name",
		},
		"group without name": {text: `{"groups":[{}]}`, want: "groups[0].name: is missing"},
		"sub": {
			text: `{"users":[{"username":"a","password":"x","attributes":{"sub":"1"}}]}`, want: "users[0].attributes.sub",
		},
		"weak password": {
			text: `{"users":[{"username":"a@example.org","password":"x"}]}`,
			want: "users[0].password: InvalidPasswordException",
		},
		"weak temporary password": {
			text: `{"users":[{"username":"a@example.org","temporary_password":"x"}]}`,
			want: "users[0].temporary_password: InvalidPasswordException",
		},
		"unknown attribute": {
			text: `{"users":[{"username":"a@example.org","password":"Correct-horse-7","attributes":{"colour":"red"}}]}`,
			want: "users[0].attributes: InvalidParameterException",
		},
		"unknown group": {
			text: `{"users":[{"username":"a@example.org","password":"Correct-horse-7","groups":["none"]}]}`,
			want: "users[0].groups[0]: ResourceNotFoundException",
		},
		"no address": {text: `{"users":[{"username":"a","password":"Correct-horse-7"}]}`, want: "users[0]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := write(t, c.text)
			seed, err := poolseed.Read(path)
			if err == nil {
				s, id := pool(t, nil)
				_, err = seed.Apply(t.Context(), s, id)
			}
			if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want the file and %q", err, c.want)
			}
		})
	}
}

// The schema beside the code has the members that Read takes.
func TestSchema(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("seed.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	type items struct {
		Properties map[string]struct {
			Items struct{ Properties map[string]any }
		}
	}
	var schema items
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	for list, of := range map[string]reflect.Type{
		"groups": reflect.TypeFor[poolseed.Group](), "users": reflect.TypeFor[poolseed.User](),
	} {
		have := schema.Properties[list].Items.Properties
		for i := range of.NumField() {
			if name := of.Field(i).Tag.Get("json"); have[name] == nil {
				t.Errorf("%s: the schema has no %q", list, name)
			}
		}
		if len(have) != of.NumField() {
			t.Errorf("%s: the schema has %d members, the type %d", list, len(have), of.NumField())
		}
	}
}
