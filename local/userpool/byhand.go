package userpool

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"cognito-triggers/local/userpool/calls"
	"cognito-triggers/local/userpool/internal/delivery"
	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/federation"
	"cognito-triggers/local/userpool/internal/triggers"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/strictjson"
)

// firePath is the path of the routes that fire triggers for which the local pool has no operation. The last segment is
// the trigger's name, such as custom-email-sender.
const firePath = "/local/fire/"

// fireByHand fires a trigger as if what causes it on AWS had happened. The answer or the error is in the form of an
// operation's.
func (s *Server) fireByHand(w http.ResponseWriter, r *http.Request, trigger string) {
	if r.Method != http.MethodPost {
		http.Error(w, "this /local route only accepts POST", http.StatusMethodNotAllowed)
		return
	}
	hook := cognito.Hook(strings.ReplaceAll(trigger, "-", "_"))
	var fire func(ctx context.Context, at wire.Request, body []byte) (any, error)
	switch hook {
	case cognito.CustomEmailSender, cognito.CustomSMSSender:
		fire = func(ctx context.Context, _ wire.Request, body []byte) (any, error) {
			return s.fireSender(ctx, hook, body)
		}
	case cognito.InboundFederation:
		fire = s.fireFederation
	default:
		http.NotFound(w, r)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		http.Error(w, "the request cannot be read or is too large", http.StatusBadRequest)
		return
	}
	ctx, ended := s.calls.Begin(context.WithoutCancel(r.Context()), calls.Call{Operation: "fire " + trigger})
	out, err := fire(ctx, wire.Request{BaseURL: s.base(r)}, body)
	ended(exception("", err))
	wire.Respond(w, "", out, err)
}

// senderByHand is the body of /local/fire/custom-email-sender and custom-sms-sender.
type senderByHand struct {
	UserPoolID string `json:"userPoolId"`
	ClientID   string `json:"clientId,omitempty"`
	Source     string `json:"source"` // a trigger source of the sender, for example CustomEmailSender_Authentication
	UserName   string `json:"userName"`
	// Code is what is encrypted; empty: a new code. No operation takes it.
	Code           string            `json:"code,omitempty"`
	ClientMetadata map[string]string `json:"clientMetadata,omitempty"`
	// Attributes are laid over the user's, for the members of a notification of a take-over.
	Attributes map[string]string `json:"attributes,omitempty"`
}

func (s *Server) fireSender(ctx context.Context, hook cognito.Hook, body []byte) (any, error) {
	var in senderByHand
	if err := strictjson.Unmarshal(body, &in); err != nil {
		return nil, fault.New(fault.Malformed, err.Error())
	}
	pool, user, err := s.rooms.directory.PoolUser(in.UserPoolID, in.UserName)
	switch {
	case err != nil:
		return nil, err
	case cognito.HookOf(in.Source) != hook:
		return nil, fault.New(fault.Invalid, fmt.Sprintf("source %q: use one of %s", in.Source,
			strings.Join(hook.Sources(), ", ")))
	case !triggers.Has(pool, hook):
		return nil, fault.New(fault.Invalid, "the pool has no "+hook.Contract().Member)
	}
	address := directory.Email
	if hook == cognito.CustomSMSSender {
		address = directory.Phone
	}
	if user.Attributes[address] == "" {
		return nil, fault.New(fault.Invalid, "the user has no "+address)
	}
	attributes := triggers.Attributes(pool, user)
	code := in.Code
	switch {
	case in.Source == cognito.CustomEmailSenderAccountTakeOverNotification:
		code = ""
		takeOver(attributes, user.Username, s.options.Now())
	case code == "" && in.Source == cognito.CustomEmailSenderAuthentication:
		code = s.options.Code(8) // as the first factor by e-mail has
	case code == "":
		code = s.options.Code(6)
	}
	for name, value := range in.Attributes {
		attributes[name] = value
	}
	s.rooms.delivery.Hand(ctx, delivery.Handed{
		Pool: pool, User: user, Source: in.Source, ClientID: in.ClientID, Metadata: in.ClientMetadata,
		Attributes: attributes, Secret: code,
	})
	return map[string]string{"source": in.Source, "userName": user.Username}, nil
}

func (s *Server) fireFederation(ctx context.Context, at wire.Request, body []byte) (any, error) {
	var in federation.Input
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, fault.New(fault.Malformed, err.Error())
	}
	return s.rooms.federated.SignIn(ctx, at, in)
}
