package samlsp

import (
	"context"
	"net/http"

	crewjam "github.com/crewjam/saml"

	"cognito-triggers/local/userpool/internal/federation/upstream"
)

// LogoutAddress returns where the browser goes to sign out at a provider; empty if the settings, or the provider, do
// not sign out there. The request is always signed.
func (s *Service) LogoutAddress(
	ctx context.Context, pool Pool, p Provider, who Subject, relayState string,
) (to, id string, err error) {
	if !p.SignOut || who.NameID == "" {
		return "", "", nil
	}
	sp, err := s.provider(ctx, pool, p)
	if err != nil {
		return "", "", err
	}
	location := sp.GetSLOBindingLocation(crewjam.HTTPRedirectBinding)
	if location == "" {
		return "", "", nil
	}
	var options []crewjam.LogoutRequestOption
	if who.Index != "" {
		options = append(options, crewjam.WithSessionIndex(who.Index))
	}
	request, err := sp.MakeLogoutRequest(location, who.NameID, options...)
	if err != nil {
		return "", "", &upstream.Error{Text: "the sign-out cannot be made: " + upstream.Brief(err)}
	}
	address, err := sp.RedirectLogoutRequestURL(request, relayState)
	if err != nil {
		return "", "", &upstream.Error{Text: "the sign-out cannot be signed: " + upstream.Brief(err)}
	}
	return address.String(), request.ID, nil
}

// LoggedOut checks a provider's answer to a sign-out.
func (s *Service) LoggedOut(ctx context.Context, pool Pool, p Provider, r *http.Request, id string) error {
	sp, err := s.provider(ctx, pool, p)
	if err != nil {
		return err
	}
	if _, err := sp.ParseLogoutResponse(r, []string{id}); err != nil {
		return &upstream.Error{Text: why(err)}
	}
	return nil
}
