package deploy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"cognito-triggers/local/scenario"
)

// attempt is a call of the deployed API and the expected status.
type attempt struct {
	name, method, path, token, body string
	want                            int
}

const draft = `{"title":"Mine","contents":"Nobody else's."}`

// attempts returns calls with tokens that guarded routes must refuse, and one that they must accept. There is no
// expired token: Cognito's live for at least five minutes, and only the pool can sign one.
func attempts(c *callers, forged map[string]string, post string) []attempt {
	all := []attempt{{"no token", "POST", "/post", "", draft, http.StatusUnauthorized}}
	for name, token := range forged {
		all = append(all, attempt{name, "POST", "/post", token, draft, http.StatusUnauthorized})
	}
	return append(all,
		attempt{"of another app client", "POST", "/post", c.stranger, draft, http.StatusUnauthorized},
		attempt{"an ID token", "POST", "/post", c.owner.id, draft, http.StatusForbidden}, // it has no scope
		attempt{"without the route's scope", "GET", "/auth/me", c.owner.id, "", http.StatusForbidden},
		attempt{"of somebody else, to change a post", "PUT", "/post/" + post, c.other.access, draft, http.StatusForbidden},
		attempt{"of somebody else, to delete it", "DELETE", "/post/" + post, c.other.access, "", http.StatusForbidden},
		attempt{"the owner's own", "DELETE", "/post/" + post, c.owner.access, "", http.StatusNoContent},
	)
}

// checkAuthorizer calls guarded routes with valid, foreign and forged tokens.
func checkAuthorizer(ctx context.Context, w scenario.World, out io.Writer) (err error) {
	c, err := newCallers(ctx, w)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.remove(context.WithoutCancel(ctx))) }()
	forged, err := forgeries(ctx, w.Endpoint+"/"+w.UserPoolID+"/.well-known/jwks.json", c.owner.access)
	if err != nil {
		return err
	}
	var post struct{ ID string }
	status, text, err := call(ctx, w.APIEndpoint, attempt{"", "POST", "/post", c.owner.access, draft, 0})
	if err != nil || status != http.StatusCreated || json.Unmarshal(text, &post) != nil || post.ID == "" {
		return errors.Join(fmt.Errorf("a post with a valid token got %d, want 201 and the post's ID", status), err)
	}
	var wrong []error
	all := attempts(c, forged, post.ID)
	for _, a := range all {
		status, _, err := call(ctx, w.APIEndpoint, a)
		if err != nil || status != a.want {
			wrong = append(wrong,
				errors.Join(fmt.Errorf("token %q: %s %s got %d, want %d", a.name, a.method, a.path, status, a.want), err))
		}
	}
	if len(wrong) == 0 {
		fmt.Fprintf(out, "%d calls of guarded routes with valid, foreign and forged tokens got the right status.\n\n",
			len(all))
	}
	return errors.Join(wrong...)
}

func call(ctx context.Context, endpoint string, a attempt) (int, []byte, error) {
	request, err := http.NewRequestWithContext(ctx, a.method, endpoint+a.path, strings.NewReader(a.body))
	if err != nil {
		return 0, nil, err
	}
	if a.body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	if a.token != "" {
		request.Header.Set("Authorization", "Bearer "+a.token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return response.StatusCode, text, err
}
