package federation

import (
	"context"
	"encoding/json"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/federation/openid"
	"cognito-triggers/shared/events"
)

// maxDescription bounds what a provider says about an error, in bytes.
const maxDescription = 500

// attributes checks a provider's answer and returns what the provider says of the user.
func (r *Room) attributes(
	ctx context.Context, p directory.Provider, begun Begun, answer Answer,
) (events.ProviderAttributes, error) {
	if answer.Error != "" {
		text := answer.Description
		if text == "" {
			text = answer.Error
		}
		return events.ProviderAttributes{}, &openid.Error{Text: text[:min(len(text), maxDescription)]}
	}
	if answer.Code == "" {
		return events.ProviderAttributes{}, &openid.Error{Text: p.Name + " Error - the answer has no code"}
	}
	all, err := r.party.Attributes(ctx, openID(p), openid.Ask{Redirect: begun.Redirect, Nonce: begun.Secret},
		openid.Answer{Code: answer.Code, Issuer: answer.Issuer})
	if err == nil {
		addName(&all, answer.User)
	}
	return all, err
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
