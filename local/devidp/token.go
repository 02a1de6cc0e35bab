package devidp

import (
	"encoding/json"
	"maps"
	"net/http"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// token exchanges a code for an ID token and an access token.
func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil || r.PostForm.Get("grant_type") != "authorization_code" {
		answer(w, http.StatusBadRequest, map[string]string{"error": "unsupported_grant_type"})
		return
	}
	id, secret := r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	if !equal(id, p.o.ClientID) || !equal(secret, p.o.ClientSecret) {
		answer(w, http.StatusUnauthorized, map[string]string{"error": "invalid_client"})
		return
	}
	g, ok := p.find(p.codes, r.PostForm.Get("code"), true)
	if !ok || g.redirect != r.PostForm.Get("redirect_uri") {
		answer(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant"})
		return
	}
	signed, err := p.sign(g)
	if err != nil {
		answer(w, http.StatusInternalServerError, map[string]string{"error": "server_error"})
		return
	}
	answer(w, http.StatusOK, map[string]any{
		"access_token": p.keep(p.tokens, tokenLifetime, g), "token_type": "Bearer", "id_token": signed,
		"expires_in": int(tokenLifetime.Seconds()),
	})
}

// sign returns the ID token of a sign-in.
func (p *Provider) sign(g grant) (string, error) {
	claims, now := maps.Clone(g.claims), p.o.Now()
	claims["iss"], claims["aud"], claims["iat"] = p.o.URL, p.o.ClientID, now.Unix()
	claims["exp"] = now.Add(tokenLifetime).Unix()
	if g.nonce != "" {
		claims["nonce"] = g.nonce
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: p.key},
		(&jose.SignerOptions{}).WithHeader("kid", keyID))
	if err != nil {
		return "", err
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}

// userInfo returns the claims of a sign-in.
func (p *Provider) userInfo(w http.ResponseWriter, r *http.Request) {
	text, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	g, ok := p.find(p.tokens, text, false)
	if !bearer || !ok {
		w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
		answer(w, http.StatusUnauthorized, map[string]string{"error": "invalid_token"})
		return
	}
	answer(w, http.StatusOK, g.claims)
}
