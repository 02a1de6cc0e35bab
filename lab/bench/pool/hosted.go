package pool

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

const (
	// hostedAtOnce is how many browsers and apps call a domain at a time.
	hostedAtOnce = 16
	hostedApp    = "https://app.example.org/callback"
)

// hosted is something that browsers and apps do at a pool's domain, in our pool without triggers and in ministack's.
type hosted struct {
	name       string
	ours, peer []float64 // per second, by round

	do func(ctx context.Context, s *site) error
}

// site is a domain of a pool, with an app client and a user who is signed in.
type site struct {
	*contestant
	base, page string // URL of the domain, and path of the page that asks to sign in
	client     string // of the app
	email      string
	cookies    string // of the browser's session; empty where there is none
	http       *http.Client
}

func hostedWork() []*hosted {
	return []*hosted{{name: "sign-in page", do: showPage}, {name: "code and exchange", do: getTokens}}
}

// measureHosted measures each, the two pools taking turns.
func (b *bench) measureHosted(ctx context.Context, ours, peer *contestant) ([]*hosted, error) {
	var sites []*site
	for _, c := range []*contestant{ours, peer} {
		s, err := c.open(ctx)
		if err != nil {
			return nil, fmt.Errorf("%s: its domain: %w", c, err)
		}
		defer s.http.CloseIdleConnections()
		sites = append(sites, s)
	}
	all := hostedWork()
	for range b.Rounds {
		for _, work := range all {
			for _, s := range sites {
				rate, err := s.round(ctx, work, b.Flows)
				if err != nil {
					return nil, fmt.Errorf("%s: %s: %w", s, work.name, err)
				}
				if s.ours() {
					work.ours = append(work.ours, rate)
				} else {
					work.peer = append(work.peer, rate)
				}
			}
		}
		slices.Reverse(sites)
	}
	return all, nil
}

// round does the work so many times, and returns how often per second.
func (s *site) round(ctx context.Context, work *hosted, times int) (float64, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var started atomic.Int64
	var workers sync.WaitGroup
	began := time.Now()
	for range hostedAtOnce {
		workers.Go(func() {
			for started.Add(1) <= int64(times) && ctx.Err() == nil {
				if err := work.do(ctx, s); err != nil {
					cancel(err)
				}
			}
		})
	}
	workers.Wait()
	if ctx.Err() != nil {
		return 0, context.Cause(ctx)
	}
	return float64(times) / time.Since(began).Seconds(), nil
}

// open gives a pool a domain, an app client and a user, who signs in where the browser keeps a session.
func (c *contestant) open(ctx context.Context) (*site, error) {
	s := &site{contestant: c, base: c.server.endpoint, page: "/oauth2/authorize", email: newEmail(), http: &http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: hostedAtOnce},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	made, err := c.server.cognito.CreateUserPoolClient(ctx, &cip.CreateUserPoolClientInput{
		UserPoolId: &c.pool, ClientName: aws.String("hosted"), AllowedOAuthFlowsUserPoolClient: true,
		AllowedOAuthFlows: []types.OAuthFlowType{types.OAuthFlowTypeCode}, AllowedOAuthScopes: []string{"openid", "email"},
		CallbackURLs: []string{hostedApp}, SupportedIdentityProviders: []string{"COGNITO"},
		ExplicitAuthFlows: []types.ExplicitAuthFlowsType{types.ExplicitAuthFlowsTypeAllowUserPasswordAuth},
	})
	if err != nil {
		return nil, err
	}
	s.client = aws.ToString(made.UserPoolClient.ClientId)
	if _, err := c.flow(ctx, s.email); err != nil || !c.ours() {
		return s, err
	}
	if _, err := c.server.cognito.CreateUserPoolDomain(ctx, &cip.CreateUserPoolDomainInput{
		UserPoolId: &c.pool, Domain: aws.String("bench"), ManagedLoginVersion: aws.Int32(1),
	}); err != nil {
		return nil, err
	}
	var list struct {
		Domains []struct {
			Name string
			URLs []string
		}
	}
	if err := getJSON(ctx, c.server.endpoint+"/local/domains", &list); err != nil {
		return nil, err
	}
	for _, d := range list.Domains {
		if d.Name == "bench" && len(d.URLs) > 0 {
			s.base, s.page = d.URLs[0], "/login"
			return s, s.signIn(ctx)
		}
	}
	return nil, errors.New("the domain has no address")
}

func (s *site) query() url.Values {
	return url.Values{"client_id": {s.client}, "response_type": {"code"}, "redirect_uri": {hostedApp},
		"scope": {"openid email"}, "state": {"s"}}
}

// call sends a request with the session, and returns the answer with its body.
func (s *site) call(ctx context.Context, method, path string, form url.Values) (*http.Response, []byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, s.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, nil, err
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if s.cookies != "" {
		r.Header.Set("Cookie", s.cookies)
	}
	answer, err := s.http.Do(r)
	if err != nil {
		return nil, nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	return answer, body, err
}

// showPage opens the page in a browser without a session, which would be offered to stay signed in.
func showPage(ctx context.Context, s *site) error {
	stranger := *s
	stranger.cookies = ""
	answer, body, err := stranger.call(ctx, http.MethodGet, s.page+"?"+s.query().Encode(), nil)
	if err == nil && (answer.StatusCode != http.StatusOK || !strings.Contains(string(body), `name="password"`)) {
		err = fmt.Errorf("the page that asks to sign in has status %d", answer.StatusCode)
	}
	return err
}

// hiddenField is a field that a page sends back as it is.
var hiddenField = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)

// signIn signs the user in on the page, and keeps the browser's cookies.
func (s *site) signIn(ctx context.Context) error {
	shown, body, err := s.call(ctx, http.MethodGet, s.page+"?"+s.query().Encode(), nil)
	if err != nil {
		return err
	}
	s.keep(shown)
	first, _, _ := strings.Cut(string(body), "</form>")
	form := url.Values{"username": {s.email}, "password": {password}}
	for _, field := range hiddenField.FindAllStringSubmatch(first, -1) {
		form.Set(html.UnescapeString(field[1]), html.UnescapeString(field[2]))
	}
	entered, _, err := s.call(ctx, http.MethodPost, s.page+"?"+s.query().Encode(), form)
	if err != nil {
		return err
	}
	s.keep(entered)
	_, err = codeOf(entered)
	return err
}

func (s *site) keep(answer *http.Response) {
	for _, cookie := range answer.Cookies() {
		s.cookies += cookie.Name + "=" + cookie.Value + "; "
	}
}

func codeOf(answer *http.Response) (string, error) {
	to, err := answer.Location()
	if err != nil || to.Query().Get("code") == "" {
		return "", fmt.Errorf("no code, but status %d", answer.StatusCode)
	}
	return to.Query().Get("code"), nil
}

// getTokens gets a code and exchanges it. Where there is no session, the code comes from the form with the password.
func getTokens(ctx context.Context, s *site) error {
	method, path, form := http.MethodGet, "/oauth2/authorize?"+s.query().Encode(), url.Values(nil)
	if s.cookies == "" {
		method, path, form = http.MethodPost, "/login", s.query()
		form.Set("username", s.email)
		form.Set("password", password)
	}
	answer, _, err := s.call(ctx, method, path, form)
	if err != nil {
		return err
	}
	code, err := codeOf(answer)
	if err != nil {
		return err
	}
	answer, body, err := s.call(ctx, http.MethodPost, "/oauth2/token", url.Values{"grant_type": {"authorization_code"},
		"client_id": {s.client}, "redirect_uri": {hostedApp}, "code": {code}})
	if err != nil {
		return err
	}
	var tokens map[string]any
	if json.Unmarshal(body, &tokens) != nil || tokens["id_token"] == nil || tokens["refresh_token"] == nil {
		return fmt.Errorf("the exchange has status %d", answer.StatusCode)
	}
	return nil
}

// printHosted prints what a domain does per second.
func (r Report) printHosted(w io.Writer) {
	const format = "%-30s %8s %17s %12s %12s\n"
	fmt.Fprintf(w, format, fmt.Sprintf("domain, %d at a time", hostedAtOnce), "per s", "slowest, fastest", "ministack",
		"× ministack")
	for _, h := range r.hosted {
		var times []float64
		for i := range h.ours {
			times = append(times, h.ours[i]/h.peer[i])
		}
		fmt.Fprintf(w, format, h.name, fmt.Sprintf("%.0f", median(h.ours)),
			fmt.Sprintf("%.0f, %.0f", slices.Min(h.ours), slices.Max(h.ours)), fmt.Sprintf("%.0f", median(h.peer)),
			fmt.Sprintf("%.2f", median(times)))
	}
	fmt.Fprintln(w)
}
