package pool

import (
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"cognito-triggers/local/poolspec"
	"cognito-triggers/local/userpool"
	"cognito-triggers/local/userpool/poolclient"
	"cognito-triggers/shared/repository"
)

// Every way to sign in works in the pool of local runs, and the report has its line.
func TestSignIns(t *testing.T) {
	t.Parallel()
	root, err := repository.Root()
	if err != nil {
		t.Fatal(err)
	}
	spec, err := poolspec.Read(root)
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(userpool.Open(userpool.Options{}))
	defer web.Close()
	s := &server{pid: os.Getpid(), endpoint: web.URL, cognito: poolclient.New(web.URL, "eu-west-1")}
	made, err := spec.Create(t.Context(), s.cognito, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &contestant{server: s, pool: made.ID, client: made.Clients[appClient]}
	b := &bench{Options: Options{Rounds: 2, Flows: 3, Concurrency: 2}}
	measured, err := b.measureSignIns(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	Report{signIns: measured}.printSignIns(&text)
	for _, way := range measured {
		if len(way.rates) != 2 || way.rates[0] <= 0 || !strings.Contains(text.String(), "\n"+way.name+" ") {
			t.Errorf("%s: %v in\n%s", way.name, way.rates, &text)
		}
	}
}
