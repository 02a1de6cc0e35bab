package federation

import (
	"context"
	"encoding/json"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/federation/openid"
	"cognito-triggers/local/userpool/internal/federation/samlsp"
	"cognito-triggers/local/userpool/internal/federation/upstream"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/shared/events"
)

// maxDescription bounds what a provider says about an error, in bytes.
const maxDescription = 500

// attributes checks a provider's answer and returns what the provider says of the user. Only SAML names the user apart.
func (r *Room) attributes(
	ctx context.Context, pool state.Pool, p directory.Provider, begun Begun, answer Answer,
) (all events.ProviderAttributes, who samlsp.Subject, err error) {
	switch {
	case p.Type == samlType:
		who, all.SAMLResponse, err = r.readSAML(ctx, pool, p, begun, answer.SAML)
		return all, who, err
	case answer.Error != "":
		text := answer.Description
		if text == "" {
			text = answer.Error
		}
		return all, who, &upstream.Error{Text: text[:min(len(text), maxDescription)]}
	case answer.Code == "":
		return all, who, &upstream.Error{Text: p.Name + " Error - the answer has no code"}
	}
	all, err = r.party.Attributes(ctx, openID(p),
		openid.Ask{Redirect: begun.Domain + OAuthPath, Nonce: begun.Secret},
		openid.Answer{Code: answer.Code, Issuer: answer.Issuer})
	if err == nil {
		addName(&all, answer.User)
	}
	return all, who, err
}

// addName adds the person's name, which Apple sends with the first answer alone, and by way of the browser: nothing
// else of it is taken.
func addName(all *events.ProviderAttributes, user string) {
	var sent struct {
		Name struct{ FirstName, LastName string }
	}
	if user == "" || json.Unmarshal([]byte(user), &sent) != nil {
		return
	}
	if all.UserInfo == nil {
		all.UserInfo = events.Attributes{}
	}
	for name, value := range map[string]string{"firstName": sent.Name.FirstName, "lastName": sent.Name.LastName} {
		if value != "" {
			all.UserInfo[name] = value
		}
	}
}
