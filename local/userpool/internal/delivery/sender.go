package delivery

import (
	"context"
	"fmt"
	"html"
	"maps"
	"slices"
	"strings"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/triggers"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
)

// senderOf returns the hook that replaces the pool's own delivery by the message's medium.
func senderOf(m Outgoing) cognito.Hook {
	if m.Attribute == directory.Phone {
		return cognito.CustomSMSSender
	}
	return cognito.CustomEmailSender
}

// send gives the code to the pool's custom sender.
func (r *Room) send(ctx context.Context, m Outgoing) {
	hook := senderOf(m)
	_, reason, _ := strings.Cut(m.Source, "_") // CustomMessage_SignUp becomes CustomEmailSender_SignUp
	attributes := triggers.Attributes(m.Pool, m.User)
	attributes[m.Attribute] = m.Address // a new address that is not the user's yet
	r.Hand(ctx, Handed{
		Pool: m.Pool, User: m.User, Source: hook.Family() + "_" + reason, ClientID: m.ClientID, Metadata: m.Metadata,
		Attributes: attributes, Secret: m.code,
	})
}

// Handed is what a custom sender gets.
type Handed struct {
	Pool       state.Pool
	User       state.User
	Source     string // a trigger source of a custom sender
	ClientID   string // empty without an app client
	Metadata   map[string]string
	Attributes map[string]string
	Secret     string // the code or the temporary password; empty for none
}

// withMetadata are the reasons for which AWS's pages promise the senders the metadata of the call.
var withMetadata = []string{"_SignUp", "_ForgotPassword", "_Authentication"}

// Hand encrypts the code and invokes the pool's custom sender, both in the background: neither delays or fails the
// user's operation. The pool must have a function for the source. Of the context, only the call that it belongs to is
// used.
func (r *Room) Hand(ctx context.Context, h Handed) {
	hook := cognito.HookOf(h.Source)
	if !slices.ContainsFunc(withMetadata, func(reason string) bool { return strings.HasSuffix(h.Source, reason) }) {
		h.Metadata = nil
	}
	secret := h.Secret
	if hook == cognito.CustomEmailSender && strings.HasSuffix(h.Source, "_AdminCreateUser") {
		secret = html.EscapeString(secret)
	}
	call := triggers.Call{Pool: h.Pool, Hook: hook, Source: h.Source, UserName: h.User.Username, ClientID: h.ClientID}
	attributes := maps.Clone(h.Attributes)
	r.triggers.Send(ctx, call, func(ctx context.Context) (any, error) {
		code := ""
		if secret != "" {
			key := h.Pool.Settings.LambdaConfig.Key()
			var err error
			if code, err = r.seal(ctx, key, h.Pool.ID, secret); err != nil {
				return nil, fmt.Errorf("the code cannot be encrypted with the pool's KMSKeyID %s: %w", key, err)
			}
		}
		if hook == cognito.CustomSMSSender {
			return events.CustomSMSSenderRequest{
				Type: "customSMSSenderRequestV1", Code: code, ClientMetadata: h.Metadata, UserAttributes: attributes,
			}, nil
		}
		return events.CustomEmailSenderRequest{
			Type: "customEmailSenderRequestV1", Code: code, ClientMetadata: h.Metadata, UserAttributes: attributes,
		}, nil
	})
}
