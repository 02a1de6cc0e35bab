package passkeys

import (
	"context"
	"slices"

	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/local/userpool/webauthn"
)

// ListInput is the input of ListWebAuthnCredentials.
type ListInput struct {
	AccessToken string `v:"required"`
	MaxResults  *int
	NextToken   string
}

// ListOutput is the output of ListWebAuthnCredentials.
type ListOutput struct {
	Credentials []Description
	NextToken   string `json:",omitempty"`
}

// Description is AWS's WebAuthnCredentialDescription.
type Description struct {
	CredentialId            string
	FriendlyCredentialName  string
	RelyingPartyId          string
	AuthenticatorAttachment string `json:",omitempty"`
	AuthenticatorTransports []string
	CreatedAt               wire.Seconds
}

// List serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListWebAuthnCredentials.html
// It lists also the passkeys of an earlier relying party, which users can no longer sign in with.
func (r *Room) List(_ context.Context, at wire.Request, in *ListInput) (*ListOutput, error) {
	b, err := r.tokens.Authorize(at, in.AccessToken)
	if err != nil {
		return nil, err
	}
	if in.MaxResults != nil && (*in.MaxResults < 0 || *in.MaxResults > most) {
		return nil, fault.Constrain("maxResults", "Member must have value between 0 and 20")
	}
	id := func(key state.Passkey) string { return webauthn.Encode(key.ID) }
	page, next, err := wire.Paginate(b.User.Passkeys, in.MaxResults, in.NextToken, id)
	if err != nil {
		return nil, err
	}
	out := &ListOutput{Credentials: []Description{}, NextToken: next}
	for _, key := range page {
		out.Credentials = append(out.Credentials, Description{
			CredentialId: id(key), FriendlyCredentialName: key.Name, RelyingPartyId: key.RelyingParty,
			AuthenticatorAttachment: key.Attachment, AuthenticatorTransports: append([]string{}, key.Transports...),
			CreatedAt: wire.Seconds(key.Created),
		})
	}
	return out, nil
}

// DeleteInput is the input of DeleteWebAuthnCredential.
type DeleteInput struct {
	AccessToken  string `v:"required"`
	CredentialId string `v:"required,max=131072"`
}

// Delete serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteWebAuthnCredential.html
func (r *Room) Delete(_ context.Context, at wire.Request, in *DeleteInput) (*wire.Empty, error) {
	b, err := r.tokens.Authorize(at, in.AccessToken)
	if err != nil {
		return nil, err
	}
	_, err = r.directory.Change(b.Pool, b.User.Username, func(u *state.User) error {
		i := slices.IndexFunc(u.Passkeys, func(key state.Passkey) bool { return webauthn.Encode(key.ID) == in.CredentialId })
		if i < 0 {
			return fault.New(fault.PasskeyNotFound)
		}
		u.Passkeys = slices.Delete(u.Passkeys, i, i+1)
		return nil
	})
	return &wire.Empty{}, err
}
