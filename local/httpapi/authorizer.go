package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// Authorizer is API Gateway's JWT authorizer with the identity source $request.header.Authorization.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
type Authorizer struct {
	Issuer   string   // expected in the tokens
	Audience []string // one must be in aud, or equal client_id if there is no aud
	Keys     *Keys    // of the issuer
}

// grant is the event's authorizer.jwt for an accepted token.
type grant struct {
	Claims map[string]string `json:"claims"`
	Scopes []string          `json:"scopes"` // the token's if the route requires any; otherwise null
}

// refusal describes why the authorizer refused a request.
type refusal struct {
	status      int
	code        string // RFC 6750's; empty without a token
	description string
	scopes      []string // the route's
}

// response returns API Gateway's response. The description for a wrong audience is from AWS's guide; those for an
// expired token, a wrong number of segments and a wrong algorithm were observed.
func (f *refusal) response() response {
	out := message(f.status, http.StatusText(f.status))
	challenge := "Bearer"
	if f.code != "" {
		challenge = fmt.Sprintf(`Bearer scope="%s" error="%s" error_description="%s"`, strings.Join(f.scopes, " "), f.code,
			f.description)
	}
	out.header.Set("Www-Authenticate", challenge)
	return out
}

// authorize checks a request's token against the authorizer and the route's scopes, of which the token must have one.
func (a *Authorizer) authorize(r *http.Request, scopes []string, now time.Time) (*grant, *refusal) {
	raw := token(r.Header)
	if raw == "" {
		return nil, &refusal{status: http.StatusUnauthorized}
	}
	claims, problem := a.verify(r.Context(), raw, now)
	if problem != "" {
		return nil, &refusal{http.StatusUnauthorized, "invalid_token", problem, scopes}
	}
	g := &grant{Claims: asStrings(claims)}
	if len(scopes) == 0 {
		return g, nil
	}
	g.Scopes = scopesOf(claims)
	if !slices.ContainsFunc(scopes, func(scope string) bool { return slices.Contains(g.Scopes, scope) }) {
		return nil, &refusal{http.StatusForbidden, "insufficient_scope", "the token has none of the route's scopes", scopes}
	}
	return g, nil
}

// token returns the Authorization header without "Bearer ". Two headers are joined with a comma, as in the event, which
// makes the token invalid: the verified value is the one that the function reads.
func token(h http.Header) string {
	value := strings.TrimSpace(strings.Join(h.Values("Authorization"), ","))
	if scheme, rest, found := strings.Cut(value, " "); found && strings.EqualFold(scheme, "Bearer") {
		return strings.TrimSpace(rest)
	}
	return value
}

// verify returns the claims of a valid token, or a description of what is wrong with it.
func (a *Authorizer) verify(ctx context.Context, raw string, now time.Time) (claims map[string]any, problem string) {
	if strings.Count(raw, ".") != 2 {
		return nil, "token contains an invalid number of segments"
	}
	signed, err := jose.ParseSignedCompact(raw, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return nil, malformed(err)
	}
	key, err := a.Keys.find(ctx, signed.Signatures[0].Header.KeyID, now)
	switch {
	case errors.Is(err, errUnknownKey):
		return nil, "unable to find the token's key among the issuer's keys"
	case err != nil:
		return nil, "unable to fetch the issuer's keys"
	}
	payload, err := signed.Verify(key)
	if err != nil {
		return nil, "the token's signature is invalid"
	}
	dec := json.NewDecoder(bytes.NewReader(payload))
	dec.UseNumber() // numbers in claims are passed on unchanged
	if dec.Decode(&claims) != nil || claims == nil {
		return nil, "the token's claims cannot be read"
	}
	return claims, a.judge(claims, now)
}

var algorithmName = regexp.MustCompile(`^[A-Za-z0-9]{1,16}$`)

func malformed(err error) string {
	var other *jose.ErrUnexpectedSignatureAlgorithm
	if errors.As(err, &other) && algorithmName.MatchString(string(other.Got)) {
		return "signing method " + string(other.Got) + " is invalid"
	}
	return "the token is malformed"
}

// judge checks the claims against the configuration and the clock, to the second.
func (a *Authorizer) judge(claims map[string]any, now time.Time) (problem string) {
	if issuer, _ := claims["iss"].(string); issuer != a.Issuer {
		return "the token does not have a valid issuer"
	}
	if !slices.ContainsFunc(audienceOf(claims), func(audience string) bool {
		return slices.Contains(a.Audience, audience)
	}) {
		return "the token does not have a valid audience"
	}
	if expiry, given, ok := instant(claims, "exp"); !given || !ok {
		return "the token does not have an expiry"
	} else if !now.Before(expiry) {
		return "the token has expired"
	}
	for _, name := range []string{"nbf", "iat"} {
		if from, given, ok := instant(claims, name); given && (!ok || now.Before(from)) {
			return "the token is not valid yet"
		}
	}
	return ""
}

// audienceOf returns aud, or client_id if there is no aud, as in Cognito's access tokens.
func audienceOf(claims map[string]any) []string {
	switch aud := claims["aud"].(type) {
	case string:
		return []string{aud}
	case []any:
		var list []string
		for _, one := range aud {
			if text, ok := one.(string); ok {
				list = append(list, text)
			}
		}
		return list
	case nil:
		if client, ok := claims["client_id"].(string); ok {
			return []string{client}
		}
	}
	return nil
}

// instant reads a claim in seconds since the epoch.
func instant(claims map[string]any, name string) (at time.Time, given, ok bool) {
	value, given := claims[name]
	number, isNumber := value.(json.Number)
	if !isNumber {
		return at, given, false
	}
	seconds, err := number.Float64()
	if err != nil || seconds < 0 || seconds > 1<<40 {
		return at, given, false
	}
	whole, fraction := math.Modf(seconds) // a time.Duration would overflow after 292 years
	return time.Unix(int64(whole), int64(fraction*float64(time.Second))), given, true
}

// scopesOf returns the words of scope or scp, either of which may also be a list.
func scopesOf(claims map[string]any) []string {
	for _, name := range []string{"scope", "scp"} {
		switch value := claims[name].(type) {
		case string:
			return strings.Fields(value)
		case []any:
			list := []string{}
			for _, one := range value {
				list = append(list, asString(one))
			}
			return list
		}
	}
	return []string{}
}

// asStrings returns the claims as the function gets them: all strings, lists as "[a b]".
func asStrings(claims map[string]any) map[string]string {
	all := make(map[string]string, len(claims))
	for name, value := range claims {
		all[name] = asString(value)
	}
	return all
}

// asString formats lists and objects as Go prints them, as API Gateway was observed to do.
func asString(value any) string { return fmt.Sprint(value) }
