package api

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"cognito-triggers/shared/scrub"
)

// privateHeaders are those that hold what nobody else may know, or that tell who the caller is.
var privateHeaders = []string{"authorization", "cookie", "idempotency-key", "x-forwarded-for", "forwarded", "x-api-key"}

// technicalClaims say nothing about a person, and their texts, such as "access", would blot out ordinary words.
var technicalClaims = []string{
	"iss", "aud", "client_id", "token_use", "scope", "cognito:groups", "version", "exp", "iat", "auth_time",
}

// collectPrivate finds every value of the request that no log may hold.
func (r *Request) collectPrivate(into *[]string) {
	if body, err := r.body(); err == nil {
		var value any
		if json.Valid(body) && scrub.Decode(body, &value) == nil {
			scrub.Collect(value, into)
		} else {
			scrub.Collect(string(body), into)
		}
	}
	for _, name := range privateHeaders {
		scrub.Collect(r.Headers[name], into)
	}
	scrub.Collect(r.Bearer(), into)
	scrub.Collect(r.RequestContext.HTTP.SourceIP, into)
	for _, cookie := range r.Cookies {
		_, value, _ := strings.Cut(cookie, "=")
		scrub.Collect(value, into)
	}
	query, _ := url.ParseQuery(r.RawQueryString) // what it understood of it
	for _, values := range query {               // queryStringParameters has several of one name in one text
		for _, value := range values {
			scrub.Collect(value, into)
		}
	}
	scrub.Collect(r.RawQueryString, into)
	for _, values := range []map[string]string{r.QueryStringParameters, r.PathParameters} {
		for _, value := range values {
			scrub.Collect(value, into)
		}
	}
	if r.RequestContext.Authorizer == nil {
		return
	}
	for name, value := range r.RequestContext.Authorizer.JWT.Claims {
		if !slices.Contains(technicalClaims, name) {
			scrub.Collect(value, into)
		}
	}
}
