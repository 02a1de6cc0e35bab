package scenario

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/shared/cognito"
)

// hostedSteps are Noor's. She uses a web app that sends her to the pool's own pages.
func hostedSteps() []step {
	return []step{
		{
			title:  "Noor signs up on the pool's own pages, where a web app sent her",
			do:     noorSignsUp,
			fires:  []string{cognito.PreSignUpSignUp, cognito.CustomMessageSignUp},
			hosted: true,
		},
		{
			title:  "she confirms there, and the app exchanges its code for tokens (PKCE)",
			needs:  needed(noor, account),
			do:     noorComesBack,
			fires:  []string{cognito.PostConfirmationConfirmSignUp, cognito.TokenGenerationHostedAuth},
			hosted: true,
		},
		{
			title:  "she signs out, and in again with her password",
			needs:  needed(noor, session),
			do:     noorReturns,
			fires:  []string{cognito.TokenGenerationHostedAuth},
			hosted: true,
		},
		{
			title:  "a post with her access token from there",
			do:     noorPosts,
			needs:  needed(noor, session),
			api:    true,
			hosted: true,
		},
	}
}

func noor(p *player) *person { return p.noor }

// visit is the app's part of a sign-in on the pages.
type visit struct {
	*browser
	verifier, state string
}

// sentToPages begins a sign-in: the app sends a browser to the domain.
func (p *player) sentToPages(ctx context.Context, b *browser) (visit, error) {
	v := visit{browser: b, verifier: rand.Text() + rand.Text(), state: rand.Text()}
	sum := sha256.Sum256([]byte(v.verifier))
	return v, b.open(ctx, p.Hosted.url+"/oauth2/authorize?"+url.Values{
		"response_type": {"code"}, "client_id": {p.Hosted.clientID}, "redirect_uri": {p.Hosted.callback},
		"scope": {strings.Join(p.Hosted.scopes, " ")}, "state": {v.state}, "code_challenge_method": {"S256"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])},
	}.Encode())
}

// exchange trades the code in the callback for tokens and verifies them.
func (p *player) exchange(ctx context.Context, v visit) error {
	got, err := v.atApp()
	switch {
	case err != nil:
		return err
	case got.Get("error") != "":
		return fmt.Errorf("the app got the error %s", got.Get("error"))
	case got.Get("state") != v.state:
		return errors.New("the app got another state than it sent")
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.Hosted.url+"/oauth2/token",
		strings.NewReader(url.Values{
			"grant_type": {"authorization_code"}, "client_id": {p.Hosted.clientID}, "code": {got.Get("code")},
			"redirect_uri": {p.Hosted.callback}, "code_verifier": {v.verifier},
		}.Encode()))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	var issued struct {
		ID      string `json:"id_token"`
		Access  string `json:"access_token"`
		Refresh string `json:"refresh_token"`
		Error   string `json:"error"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&issued); err != nil {
		return fmt.Errorf("read the answer of /oauth2/token: %w", err)
	}
	if issued.Error != "" || issued.ID == "" || issued.Access == "" || issued.Refresh == "" {
		return fmt.Errorf("/oauth2/token answers %s, error %q, want three tokens", answer.Status, issued.Error)
	}
	defer p.asClient(p.Hosted.clientID)()
	if err := p.accept(ctx, p.noor, &types.AuthenticationResultType{
		IdToken: &issued.ID, AccessToken: &issued.Access, RefreshToken: &issued.Refresh,
	}); err != nil {
		return err
	}
	p.noor.sub = p.noor.tokens.id.Subject
	return p.wantClaims(p.noor, "free", members)
}

// asClient plays with another app client until the returned function is called.
func (p *player) asClient(id string) (back func()) {
	before := p.ClientID
	p.ClientID = id
	return func() { p.ClientID = before }
}

func noorSignsUp(ctx context.Context, p *player) error {
	b, err := newBrowser(p.Hosted.callback)
	if err != nil {
		return err
	}
	if p.visit, err = p.sentToPages(ctx, b); err != nil {
		return err
	}
	if err := b.follow(ctx, "/signup"); err != nil {
		return err
	}
	if err := b.submit(ctx, "/signup", map[string]string{
		"username": p.noor.email, "password": p.noor.password,
	}); err != nil {
		return err
	}
	p.noor.registered = true
	return p.messageIn(p.noor.email, "confirm")
}

func noorComesBack(ctx context.Context, p *player) error {
	m, err := p.message(p.noor.email)
	if err != nil {
		return err
	}
	if err := p.visit.submit(ctx, "/confirm", map[string]string{"code": m.Code}); err != nil {
		return err
	}
	p.noor.confirmed = true
	return p.exchange(ctx, p.visit)
}

func noorReturns(ctx context.Context, p *player) error {
	b := p.visit.browser
	if err := b.open(ctx, p.Hosted.url+"/logout?"+url.Values{
		"client_id": {p.Hosted.clientID}, "response_type": {"code"}, "redirect_uri": {p.Hosted.callback},
	}.Encode()); err != nil {
		return err
	}
	var err error
	if p.visit, err = p.sentToPages(ctx, b); err != nil {
		return err
	}
	if b.isApp(b.at) {
		return errors.New("she is still signed in")
	}
	if err := b.submit(ctx, "/login", map[string]string{
		"username": p.noor.email, "password": p.noor.password,
	}); err != nil {
		return err
	}
	return p.exchange(ctx, p.visit)
}

func noorPosts(ctx context.Context, p *player) error {
	return p.ask(ctx, request{
		method: "POST", path: "/post", token: p.noor.tokens.accessRaw, body: draft, want: http.StatusCreated,
	}, nil)
}
