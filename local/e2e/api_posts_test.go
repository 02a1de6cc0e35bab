package e2e

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cognito-triggers/local/httpapi"
	"cognito-triggers/shared/api"
	"cognito-triggers/shared/api/apitest"
	"cognito-triggers/shared/posts"
	"cognito-triggers/shared/posts/dynamo"
	"cognito-triggers/shared/posts/storetest"
	"cognito-triggers/shared/tables"
)

// patient returns an emulator client that waits for slow responses. A function's client would time out and repeat the
// call.
func patient() *dynamodb.Client {
	return dynamodb.New(local.DynamoDB.Options(), func(o *dynamodb.Options) { o.HTTPClient = http.DefaultClient })
}

// postsTable creates a table that is deleted with the test.
func postsTable(t *testing.T) string {
	t.Helper()
	table := "posts-" + rand.Text()
	if err := tables.CreatePosts(t.Context(), patient(), table); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tables.Delete(context.WithoutCancel(t.Context()), patient(), table); err != nil {
			t.Error(err)
		}
	})
	return table
}

func TestPostsStoreOnTheEmulator(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Opened {
		table, client := postsTable(t), patient()
		return storetest.Opened{
			Store: dynamo.New(func() dynamo.API { return client }, table),
			Fill: func(ctx context.Context, many []posts.Post) error {
				return tables.FillPosts(ctx, client, table, many)
			},
			Many: 2_000, // TestTenThousandPostsByCursor lists 10,000; each query makes the emulator sort the table
		}
	})
}

// request sends a request to the compiled api/posts, bypassing the authorizer, and decodes the response's body.
func request(t *testing.T, f function, into any, route string, options ...apitest.Option) api.Response {
	t.Helper()
	event, err := json.Marshal(apitest.NewRequest(route, options...))
	if err != nil {
		t.Fatal(err)
	}
	var response api.Response
	if err := json.Unmarshal(f.invoke(t, event).answer, &response); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(response.Body), into); err != nil {
		t.Fatalf("status %d, body %q: %v", response.StatusCode, response.Body, err)
	}
	return response
}

type postsPage struct {
	Posts  []posts.Post
	Cursor string
}

// Parallel requests with the same key run in different processes; only the table can detect the duplicates.
func TestParallelPostsWithOneKey(t *testing.T) {
	f := start(t, "posts", map[string]string{"POSTS_TABLE": postsTable(t), "LOG_LEVEL": "debug"})
	const canary = "canary-of-the-contents"
	var mu sync.Mutex
	answers := map[string]int{}
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			var post posts.Post
			response := request(t, f, &post, "POST /post", apitest.User("6f0c-ines"), apitest.Token("canary-of-the-token"),
				apitest.Header("Idempotency-Key", "canary-of-the-key"),
				apitest.Body(map[string]string{"title": "Bonjour", "contents": canary}))
			mu.Lock()
			defer mu.Unlock()
			answers[response.Body]++
			if response.StatusCode != 201 {
				t.Errorf("status %d: %s", response.StatusCode, response.Body)
			}
		})
	}
	group.Wait()
	var page postsPage
	request(t, f, &page, "GET /posts")
	if len(answers) != 1 || len(page.Posts) != 1 || page.Posts[0].Contents != canary {
		t.Errorf("%d different responses, posts %+v", len(answers), page.Posts)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if strings.Contains(f.logs.String(), "canary") {
		t.Errorf("the log contains a text, token or key:\n%s", f.logs)
	}
}

func TestTenThousandPostsByCursor(t *testing.T) {
	table := postsTable(t)
	f := start(t, "posts", map[string]string{"POSTS_TABLE": table})
	newest := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	many := make([]posts.Post, 10_000)
	for n := range many { // over seven months, several in the same millisecond
		var err error
		if many[n], err = posts.New("6f0c-ines", "Bonjour", "x", newest.Add(-time.Duration(n/3)*92*time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	if err := tables.FillPosts(t.Context(), patient(), table, many); err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(many, func(a, b posts.Post) int { return b.ID.Compare(a.ID) })
	secret, err := dynamo.New(func() dynamo.API { return patient() }, table).Secret(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for n := range many {
		many[n] = many[n].Public(secret)
	}
	var got []posts.Post
	for url, cursor := overHTTP(t, f, "posts")+"/posts?limit=100", ""; ; {
		var page postsPage
		fetchJSON(t, url+cursor, 200, &page)
		got = append(got, page.Posts...)
		if page.Cursor == "" {
			break
		}
		cursor = "&cursor=" + page.Cursor
	}
	if !slices.Equal(got, many) {
		t.Errorf("%d of %d posts listed, or not newest first", len(got), len(many))
	}
}

// overHTTP puts the function's open routes behind an HTTP API and returns its URL.
func overHTTP(t *testing.T, f function, name string) string {
	t.Helper()
	found, err := local.Function(name)
	if err != nil {
		t.Fatal(err)
	}
	api, err := httpapi.New(httpapi.Options{
		Functions:  []httpapi.Function{{Function: found, Invoker: f.Runner}},
		Authorizer: &httpapi.Authorizer{},
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(api)
	t.Cleanup(server.Close)
	return server.URL
}

// fetchJSON sends a GET, checks the status and decodes the response.
func fetchJSON(t *testing.T, url string, status int, into any) {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(into); err != nil || response.StatusCode != status {
		t.Fatalf("status %d, want %d; body %v: %v", response.StatusCode, status, into, err)
	}
}

// Without its table the function returns a 500 with a reference and no details.
func TestPostsWithoutTheTable(t *testing.T) {
	for name, settings := range map[string]map[string]string{
		"no such table":  {"POSTS_TABLE": "no-such-table"},
		"nobody listens": {"POSTS_TABLE": "posts", "AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:1"},
		"refuses to read": with(at(trouble{status: http.StatusBadRequest, kind: "AccessDeniedException",
			text: "ECHO may not"}.serve(t)), "POSTS_TABLE", "posts"),
	} {
		t.Run(name, func(t *testing.T) {
			f := start(t, "posts", settings)
			var got members
			fetchJSON(t, overHTTP(t, f, "posts")+"/posts", 500, &got)
			reference, _ := got["instance"].(string)
			if want := (members{
				"type":     "about:blank",
				"title":    "Internal Server Error",
				"status":   500.0,
				"code":     "internal",
				"instance": reference,
			}); !maps.Equal(got, want) {
				t.Errorf("problem %v", got)
			}
			if reference == "" || !strings.Contains(f.logs.String(), reference) {
				t.Errorf("the log does not have the reference %q: %s", reference, f.logs)
			}
		})
	}
}
