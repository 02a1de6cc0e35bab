package albtoken_test

import (
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"cognito-triggers/shared/albtoken"
)

func pages(w http.ResponseWriter, r *http.Request) {
	user, _ := albtoken.FromContext(r.Context())
	fmt.Fprintln(w, "Hello,", user.Email)
}

func newHandler() (http.Handler, error) {
	v, err := albtoken.New(albtoken.Options{
		LoadBalancers: []string{os.Getenv("LOAD_BALANCER_ARN")}, // or anybody's load balancer could sign
		ClientID:      os.Getenv("CLIENT_ID"),
		Issuer:        os.Getenv("ISSUER"),
	})
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(http.ResponseWriter, *http.Request) {}) // the load balancer's, without a user
	mux.Handle("/", v.Handler(http.HandlerFunc(pages)))
	return mux, nil
}

func Example() {
	handler, err := newHandler()
	if err != nil {
		log.Fatal(err)
	}
	http.Handle("/", handler)
}

func TestHandlerOfTheRecipe(t *testing.T) {
	t.Setenv("LOAD_BALANCER_ARN",
		"arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/50dc6c495c0c9188")
	t.Setenv("CLIENT_ID", "4fmvht22tjrgd7d3k3tghttct7")
	t.Setenv("ISSUER", "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Pool00001")
	handler, err := newHandler()
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{"/healthz": http.StatusOK, "/": http.StatusUnauthorized} {
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, path, nil))
		if answer.Code != want {
			t.Errorf("%s: %d, want %d", path, answer.Code, want)
		}
	}
}

// The code on the recipe's page is this file's.
func TestCodeOfTheRecipe(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/recipes/load-balancer.md")
	if err != nil {
		t.Fatal(err)
	}
	code, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(page), "```go\n")[1:]
	for _, part := range blocks {
		block, _, _ := strings.Cut(part, "```")
		if !strings.Contains(string(code), block) {
			t.Errorf("this file does not have the page's code:\n%s", block)
		}
	}
	if len(blocks) == 0 {
		t.Error("the page has no code in Go")
	}
}
