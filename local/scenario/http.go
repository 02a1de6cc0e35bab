package scenario

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// request is one call of the HTTP API.
type request struct {
	method, path string
	token        string
	body         any // nil for none
	want         int // status
}

// exchanged is a call as it is printed.
type exchanged struct {
	request
	status int
	took   time.Duration
	who    string // who refused: the authorizer or the function
}

func (e exchanged) String() string {
	return fmt.Sprintf("%-42s %-38s %7.1f ms  %s", e.method+" "+e.path, e.who, float64(e.took)/float64(time.Millisecond),
		strings.TrimSpace(fmt.Sprint(e.status)+" "+http.StatusText(e.status)))
}

// ask calls the API, checks the status and decodes the response into a value unless that is nil.
func (p *player) ask(ctx context.Context, r request, into any) error {
	text, err := p.send(ctx, r)
	if err != nil {
		return fmt.Errorf("%s %s: %w", r.method, r.path, err)
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("%s %s: read the answer: %w", r.method, r.path, err)
	}
	return nil
}

func (p *player) send(ctx context.Context, r request) ([]byte, error) {
	var body io.Reader
	if r.body != nil {
		text, err := json.Marshal(r.body)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(text)
	}
	out, err := http.NewRequestWithContext(ctx, r.method, strings.TrimSuffix(p.APIEndpoint, "/")+r.path, body)
	if err != nil {
		return nil, err
	}
	if r.body != nil {
		out.Header.Set("Content-Type", "application/json")
	}
	if r.token != "" {
		out.Header.Set("Authorization", "Bearer "+r.token)
	}
	began := time.Now()
	response, err := http.DefaultClient.Do(out)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	p.calls = append(p.calls, exchanged{r, response.StatusCode, time.Since(began), refuser(response)})
	if response.StatusCode != r.want {
		return nil, fmt.Errorf("got %s, want %d%s", response.Status, r.want, reason(text))
	}
	return text, nil
}

// refuser returns who refused a request: only functions respond with problem details.
func refuser(r *http.Response) string {
	switch {
	case r.StatusCode < 400:
		return ""
	case strings.HasPrefix(r.Header.Get("Content-Type"), "application/problem+json"):
		return "refused by the function"
	}
	return "refused by the authorizer"
}

// reason returns a problem's code, which contains no user data.
func reason(text []byte) string {
	var problem struct{ Code string }
	if json.Unmarshal(text, &problem) != nil || problem.Code == "" {
		return ""
	}
	return ": " + problem.Code
}
