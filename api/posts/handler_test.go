package main

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"cognito-triggers/shared/api"
	"cognito-triggers/shared/api/apitest"
	"cognito-triggers/shared/posts"
	"cognito-triggers/shared/posts/memory"
	"cognito-triggers/shared/settings"
)

const (
	ines  = "6f0c2b7e-ines"
	mateo = "91d3aa40-mateo"
)

var now = time.Date(2026, 10, 31, 23, 59, 59, 535_000_000, time.UTC)

// server is the function with a store in memory and a fixed clock.
type server struct {
	*apitest.API
	store posts.Store
	now   time.Time
}

func newServer(t *testing.T, env map[string]string) *server {
	t.Helper()
	return newServerOn(t, memory.New(), env)
}

func newServerOn(t *testing.T, store posts.Store, env map[string]string) *server {
	t.Helper()
	s := &server{store: store, now: now}
	all := map[string]string{"POSTS_TABLE": "posts"}
	maps.Copy(all, env)
	s.API = apitest.New(t, func(env *settings.Env) (api.Routes, error) {
		return handler{config: readConfig(env), store: store, now: func() time.Time { return s.now }}.routes(), nil
	}, all)
	return s
}

// text makes a body.
func text(title, contents string) apitest.Option {
	return apitest.Body(draft{Title: title, Contents: contents})
}

// onPlan gives the caller's token the claim.
func onPlan(name string) apitest.Option { return apitest.Claims(map[string]string{planClaim: name}) }

// create makes a post of a user.
func (s *server) create(t *testing.T, sub string, options ...apitest.Option) posts.Post {
	t.Helper()
	var p posts.Post
	s.Call(t, "POST /post", append([]apitest.Option{apitest.User(sub), text("Bonjour", "De la part d'Inès")},
		options...)...).Want(t, 201).Decode(t, &p)
	return p
}

func (s *server) get(t *testing.T, id posts.ID) posts.Post {
	t.Helper()
	var p posts.Post
	s.Call(t, "GET /post/{id}", apitest.Path("id", id.String())).Want(t, 200).Decode(t, &p)
	return p
}

func TestCreate(t *testing.T) {
	s := newServer(t, nil)
	got := s.Call(t, "POST /post", apitest.User(ines), text("Bonjour", "De la part d'Inès")).Want(t, 201)
	var fields map[string]any
	got.Decode(t, &fields)
	id, _ := fields["id"].(string)
	want := map[string]any{
		"id": id, "owner": s.pseudonym(t, ines), "title": "Bonjour", "contents": "De la part d'Inès", "version": 1.0,
		"created_at": "2026-10-31T23:59:59.535Z", "updated_at": "2026-10-31T23:59:59.535Z",
	}
	if !maps.Equal(fields, want) {
		t.Errorf("post %v, want %v", fields, want)
	}
	if got.Header("location") != "/post/"+id || got.Header("etag") != `"1"` {
		t.Errorf("headers %v", got.Headers)
	}
	parsed, err := posts.ParseID(id)
	if err != nil {
		t.Fatal(err)
	}
	read := s.Call(t, "GET /post/{id}", apitest.Path("id", strings.ToLower(id))).Want(t, 200)
	if read.Body != got.Body || read.Header("etag") != `"1"` {
		t.Errorf("read back: %s with ETag %s", read.Body, read.Header("etag"))
	}
	if _, err := s.store.Get(t.Context(), parsed); err != nil {
		t.Error(err)
	}
}

func (s *server) pseudonym(t *testing.T, sub string) string {
	t.Helper()
	secret, err := s.store.Secret(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return posts.Pseudonym(secret, sub)
}

// Nobody learns an owner's sub, which signs its user in. The pseudonym is the same in all posts of a table and another
// one in other tables.
func TestOwnersArePseudonyms(t *testing.T) {
	s := newServer(t, nil)
	first, second := s.create(t, ines), s.create(t, ines)
	id := apitest.Path("id", first.ID.String())
	answers := map[string]apitest.Answer{
		"POST": s.Call(t, "POST /post", apitest.User(ines), text("a", "b")),
		"again with its key": s.Call(t, "POST /post", apitest.User(ines), text("a", "b"),
			apitest.Header("idempotency-key", "k")),
		"GET": s.Call(t, "GET /post/{id}", id), "list": s.Call(t, "GET /posts"),
		"PUT":                  s.Call(t, "PUT /post/{id}", id, apitest.User(ines), text("a", "b")),
		"PUT by a stranger":    s.Call(t, "PUT /post/{id}", id, apitest.User(mateo), text("a", "b")),
		"DELETE by a stranger": s.Call(t, "DELETE /post/{id}", id, apitest.User(mateo)),
	}
	for name, answer := range answers {
		if strings.Contains(answer.Body, ines) {
			t.Errorf("%s: the answer has the sub: %s", name, answer.Body)
		}
	}
	if first.Owner != second.Owner || len(first.Owner) != 26 {
		t.Errorf("pseudonyms %q and %q", first.Owner, second.Owner)
	}
	if other := s.create(t, mateo); other.Owner == first.Owner {
		t.Error("two owners have one pseudonym")
	}
	if elsewhere := newServer(t, nil).create(t, ines); elsewhere.Owner == first.Owner {
		t.Error("two tables have one pseudonym")
	}
}

func TestNoSuchPost(t *testing.T) {
	s := newServer(t, nil)
	for _, id := range []string{"01M6A6FSHFEJQ7F9M99JMGPNZC", "7ZZZZZZZZZZZZZZZZZZZZZZZZZ", "81M6A6FSHFEJQ7F9M99JMGPNZC",
		"7", "", "..%2f", strings.Repeat("0", 5000)} {
		s.Call(t, "GET /post/{id}", apitest.Path("id", id)).WantProblem(t, 404, api.CodeNotFound)
		s.Call(t, "PUT /post/{id}", apitest.Path("id", id), apitest.User(ines), text("a", "b")).WantProblem(t, 404,
			api.CodeNotFound)
		s.Call(t, "DELETE /post/{id}", apitest.Path("id", id), apitest.User(ines)).WantProblem(t, 404, api.CodeNotFound)
	}
}

func TestWritesNeedAnAccessToken(t *testing.T) {
	s := newServer(t, nil)
	id := apitest.Path("id", s.create(t, ines).ID.String())
	idToken := apitest.Claims(map[string]string{"sub": ines, "token_use": api.IDToken, "cognito:username": ines})
	for _, route := range []string{"POST /post", "PUT /post/{id}", "DELETE /post/{id}"} {
		for name, options := range map[string][]apitest.Option{
			"no token":     {id, text("a", "b")},
			"ID token":     {id, text("a", "b"), idToken},
			"no token_use": {id, text("a", "b"), apitest.Claims(map[string]string{"sub": ines})},
			"no sub":       {id, text("a", "b"), apitest.User("")},
		} {
			t.Run(route+" "+name, func(t *testing.T) {
				s.Call(t, route, options...).WantProblem(t, 401, api.CodeUnauthorized)
			})
		}
	}
	if p := s.list(t, "100"); len(p.Posts) != 1 || p.Posts[0].Version != 1 {
		t.Errorf("posts %+v", p.Posts)
	}
}

func TestOnlyOwnerAndAdministratorsChange(t *testing.T) {
	for _, c := range []struct {
		name   string
		caller apitest.Option
		env    map[string]string
		may    bool
	}{
		{name: "owner", caller: apitest.User(ines), may: true},
		{name: "somebody else", caller: apitest.User(mateo)},
		{name: "member of other groups", caller: apitest.User(mateo, "members", "admins2", "Admins")},
		{name: "administrator", caller: apitest.User(mateo, "members", "admins"), may: true},
		{
			name:   "group of the settings",
			caller: apitest.User(mateo, "editors"),
			env:    map[string]string{"ADMIN_GROUP": "editors"},
			may:    true,
		},
		{
			name:   "default group beside that of the settings",
			caller: apitest.User(mateo, "admins"),
			env:    map[string]string{"ADMIN_GROUP": "editors"},
		},
		{
			name: "group as a scope",
			caller: apitest.Claims(map[string]string{
				"sub":       mateo,
				"token_use": "access",
				"scope":     "admins",
				"username":  "admins",
			}),
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newServer(t, c.env)
			p := s.create(t, ines)
			s.now = now.Add(time.Hour)
			id := apitest.Path("id", p.ID.String())
			put := s.Call(t, "PUT /post/{id}", id, c.caller, text("Changed", "Anew"))
			if !c.may {
				put.WantProblem(t, 403, api.CodeForbidden)
				s.Call(t, "DELETE /post/{id}", id, c.caller).WantProblem(t, 403, api.CodeForbidden)
				if got := s.get(t, p.ID); got != p {
					t.Errorf("post %+v, want %+v", got, p)
				}
				return
			}
			want := p
			want.Title, want.Contents, want.UpdatedAt, want.Version = "Changed", "Anew", s.now, 2
			var got posts.Post
			put.Want(t, 200).Decode(t, &got)
			if got != want || s.get(t, p.ID) != want || put.Header("etag") != `"2"` {
				t.Errorf("post %+v with ETag %s, want %+v", got, put.Header("etag"), want)
			}
			if deleted := s.Call(t, "DELETE /post/{id}", id, c.caller).Want(t, 204); deleted.Body != "" {
				t.Errorf("body %q", deleted.Body)
			}
			s.Call(t, "GET /post/{id}", id).WantProblem(t, 404, api.CodeNotFound)
		})
	}
}

func TestIfMatch(t *testing.T) {
	many := strings.TrimSuffix(strings.Repeat(`"9", `, maxTags), ", ")
	for _, c := range []struct {
		name, header string
		status       int
	}{
		{
			name:   "star",
			header: "*",
			status: 200,
		}, {
			name:   "this version",
			header: `"2"`,
			status: 200,
		}, {
			name:   "blanks",
			header: "\t \"2\" ",
			status: 200,
		}, {
			name:   "among others",
			header: `"7", "a,b" ,"2"`,
			status: 200,
		}, {name: "among weak ones", header: `W/"1","2"`, status: 200},
		{
			name:   "older",
			header: `"1"`,
			status: 412,
		}, {
			name:   "newer",
			header: `"3"`,
			status: 412,
		}, {
			name:   "weak",
			header: `W/"2"`,
			status: 412,
		}, {
			name:   "foreign",
			header: `"2b"`,
			status: 412,
		}, {name: "padded", header: `"02"`, status: 412}, {name: "signed", header: `"+2"`, status: 412},
		{
			name:   "zero",
			header: `"0"`,
			status: 412,
		}, {
			name:   "empty tag",
			header: `""`,
			status: 412,
		}, {
			name:   "too large",
			header: `"99999999999999999999"`,
			status: 412,
		}, {name: "as many as may be", header: many, status: 412},
		{
			name:   "empty",
			status: 400,
		}, {
			name:   "no quotes",
			header: "2",
			status: 400,
		}, {
			name:   "half a quote",
			header: `"2`,
			status: 400,
		}, {name: "no comma", header: `"1" "2"`, status: 400}, {name: "ends with a comma", header: `"2",`, status: 400},
		{
			name:   "star in a list",
			header: `"1", *`,
			status: 400,
		}, {
			name:   "lower-case weak",
			header: `w/"2"`,
			status: 400,
		}, {
			name:   "control in a tag",
			header: "\"\x01\"",
			status: 400,
		}, {name: "too many", header: many + `, "2"`, status: 400},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newServer(t, nil)
			id := apitest.Path("id", s.create(t, ines).ID.String())
			s.Call(t, "PUT /post/{id}", id, apitest.User(ines), text("Second", "version")).Want(t, 200)
			condition := apitest.Header("If-Match", c.header)
			put := s.Call(t, "PUT /post/{id}", id, apitest.User(ines), condition, text("Third", "version"))
			removed := s.Call(t, "DELETE /post/{id}", id, apitest.User(ines),
				apitest.Header("If-Match", strings.ReplaceAll(c.header, `"2"`, `"3"`)))
			switch c.status {
			case 200:
				put.Want(t, 200)
				removed.Want(t, 204)
			case 412:
				put.WantProblem(t, 412, api.CodePreconditionFailed)
			default:
				if p := put.WantProblem(t, 400, api.CodeInvalidParameter); p.Fields["If-Match"] == "" {
					t.Errorf("the problem does not name the header: %+v", p)
				}
				removed.WantProblem(t, 400, api.CodeInvalidParameter)
			}
		})
	}
	t.Run("refused before the version is looked at", func(t *testing.T) {
		s := newServer(t, nil)
		id := apitest.Path("id", s.create(t, ines).ID.String())
		s.Call(t, "DELETE /post/{id}", id, apitest.User(mateo), apitest.Header("If-Match", `"7"`)).WantProblem(t, 403,
			api.CodeForbidden)
		s.Call(t, "DELETE /post/{id}", id, apitest.User(ines), apitest.Header("If-Match", `"7"`)).WantProblem(t, 412,
			api.CodePreconditionFailed)
	})
}

func TestSettings(t *testing.T) {
	for _, c := range []struct {
		name string
		env  map[string]string
		want []string
	}{
		{
			name: "table alone",
			env:  map[string]string{"POSTS_TABLE": "posts", limitsSetting: " free : 10 , gold:65536 "},
			want: nil,
		},
		{name: "nothing", want: []string{"POSTS_TABLE", limitsSetting}},
		{
			name: "no number",
			env:  map[string]string{"POSTS_TABLE": "posts", limitsSetting: "free"},
			want: []string{limitsSetting + ` has the invalid entry "free"`},
		},
		{
			name: "zero",
			env:  map[string]string{"POSTS_TABLE": "posts", limitsSetting: "free:0"},
			want: []string{limitsSetting},
		},
		{
			name: "more than a body holds",
			env:  map[string]string{"POSTS_TABLE": "posts", limitsSetting: "free:65537"},
			want: []string{limitsSetting},
		},
		{
			name: "no name",
			env:  map[string]string{"POSTS_TABLE": "posts", limitsSetting: "free:1,:2"},
			want: []string{limitsSetting + ` has the invalid entry ":2"`},
		},
		{
			name: "one name twice",
			env:  map[string]string{"POSTS_TABLE": "posts", limitsSetting: "free:1,gold:2,gold:3"},
			want: []string{"lists the plan gold twice"},
		},
		{
			name: "group with a blank",
			env:  map[string]string{"POSTS_TABLE": "posts", limitsSetting: "free:1", groupSetting: "my admins"},
			want: []string{groupSetting},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			env := settings.FromMap(c.env)
			readConfig(env)
			err := env.Err()
			if (err != nil) != (len(c.want) > 0) {
				t.Fatalf("error %v, want %v", err, c.want)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %v, want %s in it", err, want)
				}
			}
		})
	}
}

// The function as it starts: its manifest's routes are those of the handler, and it needs no AWS for that.
func TestSetup(t *testing.T) {
	env := settings.FromMap(map[string]string{
		"POSTS_TABLE":           "posts",
		limitsSetting:           "free:1",
		"AWS_REGION":            "eu-west-1",
		"AWS_ACCESS_KEY_ID":     "a",
		"AWS_SECRET_ACCESS_KEY": "b",
	})
	if _, err := api.New(manifest, setup, env, t.Output()); err != nil {
		t.Error(err)
	}
	routes := slices.Sorted(maps.Keys(newHandler(readConfig(env), memory.New()).routes()))
	if want := []string{"DELETE /post/{id}", "GET /post/{id}", "GET /posts", "POST /post",
		"PUT /post/{id}"}; !slices.Equal(routes, want) {
		t.Errorf("routes %v, want %v", routes, want)
	}
}
