package openid

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"

	"golang.org/x/oauth2"

	"cognito-triggers/local/userpool/internal/federation/upstream"
	"cognito-triggers/shared/events"
)

// tokens are what a provider gave for a code.
type tokens struct {
	access, id string
	token      *oauth2.Token
}

// attributes returns the provider's answer as inbound federation sees it.
func (t tokens) attributes() events.Attributes {
	all := events.Attributes{}
	for name, value := range map[string]string{
		"access_token": t.access, "id_token": t.id, "refresh_token": t.token.RefreshToken, "token_type": t.token.TokenType,
	} {
		if value != "" {
			all[name] = value
		}
	}
	for _, name := range []string{"expires_in", "scope"} {
		if value := t.token.Extra(name); value != nil {
			all[name] = fmt.Sprint(value)
		}
	}
	return all
}

// exchange exchanges a code for tokens.
func (p *Party) exchange(ctx context.Context, r resolved, ask Ask, code string) (tokens, error) {
	config, err := p.config(r, ask)
	if err != nil {
		return tokens{}, err
	}
	var got *oauth2.Token
	if r.TokenByGet {
		got, err = p.exchangeByGet(ctx, config, code)
	} else {
		got, err = config.Exchange(ctx, code)
	}
	if err != nil {
		status := 0
		var refused *oauth2.RetrieveError
		if errors.As(err, &refused) && refused.Response != nil {
			status = refused.Response.StatusCode
		}
		text := fmt.Sprintf("%s Error - %d error getting token", r.Name, status)
		if status == 0 {
			text = "Connection reset"
		}
		return tokens{}, problem(err, "Timeout occurred in calling IdP token endpoint", text)
	}
	id, _ := got.Extra("id_token").(string)
	return tokens{access: got.AccessToken, id: id, token: got}, nil
}

// exchangeByGet sends the client's secret in the query, as Facebook's token_request_method has it.
func (p *Party) exchangeByGet(ctx context.Context, config oauth2.Config, code string) (*oauth2.Token, error) {
	raw, answer, err := p.get(ctx, http.MethodGet, config.Endpoint.TokenURL, "", url.Values{
		"client_id": {config.ClientID}, "client_secret": {config.ClientSecret}, "code": {code},
		"redirect_uri": {config.RedirectURL}, "grant_type": {"authorization_code"},
	})
	if err != nil {
		return nil, err
	}
	var got struct {
		AccessToken string `json:"access_token"`
		TokenType   string `json:"token_type"`
	}
	if answer.StatusCode != http.StatusOK || json.Unmarshal(raw, &got) != nil || got.AccessToken == "" {
		return nil, &oauth2.RetrieveError{Response: answer}
	}
	var members map[string]any
	_ = json.Unmarshal(raw, &members) // it is an object
	token := &oauth2.Token{AccessToken: got.AccessToken, TokenType: got.TokenType}
	return token.WithExtra(members), nil
}

// userInfo fetches the provider's attributes; none if it has no address for them.
func (p *Party) userInfo(ctx context.Context, r resolved, access string) (events.Attributes, error) {
	if r.AttributesURL == "" {
		return nil, nil
	}
	method := http.MethodGet
	if r.AttributesByPost {
		method = http.MethodPost
	}
	raw, answer, err := p.get(ctx, method, r.AttributesURL, access, nil)
	if err != nil {
		return nil, problem(err, "Read timed out", "Connection reset")
	}
	if answer.StatusCode != http.StatusOK {
		return nil, &upstream.Error{Text: fmt.Sprintf("%s Error - %d error getting attributes", r.Name, answer.StatusCode)}
	}
	all, err := attributesOf(raw)
	if err != nil {
		return nil, &upstream.Error{Text: r.Name + " Error - the attributes are no JSON object"}
	}
	return all, nil
}

// get makes a request with an access token, or with none, and reads the answer.
func (p *Party) get(
	ctx context.Context, method, address, access string, query url.Values,
) ([]byte, *http.Response, error) {
	to, err := url.Parse(address)
	if err != nil {
		return nil, nil, err
	}
	if query != nil {
		merged := to.Query()
		for name, values := range query {
			merged[name] = values
		}
		to.RawQuery = merged.Encode()
	}
	request, err := http.NewRequestWithContext(ctx, method, to.String(), nil)
	if err != nil {
		return nil, nil, err
	}
	if access != "" {
		request.Header.Set("Authorization", "Bearer "+access)
	}
	answer, err := p.client.Do(request)
	if err != nil {
		return nil, nil, err
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	return raw, answer, err
}

// problem returns an error with the one text if a provider was too slow, and with the other else.
func problem(err error, late, otherwise string) error {
	var timed interface{ Timeout() bool }
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) ||
		errors.As(err, &timed) && timed.Timeout() {
		return &upstream.Error{Text: late}
	}
	return &upstream.Error{Text: otherwise}
}
