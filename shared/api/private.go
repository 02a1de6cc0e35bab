package api

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"cognito-triggers/shared/scrub"
)

// privateHeaders are the headers that hold secrets or identify the caller.
var privateHeaders = []string{"authorization", "cookie", "idempotency-key", "x-forwarded-for", "forwarded", "x-api-key"}

// technicalClaims are not about a person. Scrubbing their values, such as "access", would remove ordinary words.
var technicalClaims = []string{
	"iss", "aud", "client_id", "token_use", "scope", "cognito:groups", "version", "exp", "iat", "auth_time",
}

// collectPrivate collects every value of the request that must not be logged.
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
	query, _ := url.ParseQuery(r.RawQueryString) // returns the valid parameters even if there is an error
	for _, values := range query {               // queryStringParameters joins values of one name
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
