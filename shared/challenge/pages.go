package challenge

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"cognito-triggers/shared/internal/weburl"
)

// Pages are the addresses of pages that links may lead to. The first is the default.
type Pages []string

// ErrForeignPage is the decision not to send a link to a page that is not on the list.
var ErrForeignPage = errors.New("the page is not on the list")

// ParsePages checks a list of addresses. The error names the address and what to do.
func ParsePages(addresses []string) (Pages, error) {
	for _, address := range addresses {
		u, err := url.Parse(address)
		switch {
		case err != nil, u.Host == "", !weburl.SecureOrLocal(u):
			return nil, fmt.Errorf("%q is not an https:// address such as https://app.example.org/sign-in", address)
		case u.User != nil, strings.Contains(address, "#"), strings.Contains(u.Host, "*"):
			return nil, fmt.Errorf("%q has a user, a fragment or a wildcard: use a plain address", address)
		}
	}
	return Pages(addresses), nil
}

// Choose returns the page that a client asked for, or the default if it asked for none. Only an address that is on the
// list, as it is spelled there, is accepted: a list of origins alone would let a redirect on one of them take the token
// elsewhere.
func (p Pages) Choose(asked string) (string, error) {
	switch {
	case asked == "" && len(p) > 0:
		return p[0], nil
	case slices.Contains(p, asked):
		return asked, nil
	}
	return "", ErrForeignPage
}

// Link returns the address that a message has. User name and token are in the fragment, which browsers do not send to
// servers: whoever only fetches the link, as scanners of mail do, has sent nothing.
func Link(page, userName, token string) string {
	return page + "#" + url.Values{"user": {userName}, "token": {token}}.Encode()
}
