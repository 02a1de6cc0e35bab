package accounts

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/google/uuid"

	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/local/userpool/internal/deps"
	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/secondfactor"
	"cognito-triggers/local/userpool/internal/triggers"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
)

// Welcomer delivers the message to a migrated user.
type Welcomer interface {
	Welcome(ctx context.Context, pool state.Pool, u state.User, response triggers.Response)
}

// MigrationDeps are the dependencies of a Migration.
type MigrationDeps struct {
	Store    state.Store
	Triggers Triggers
	Delivery Welcomer
	Now      func() time.Time
}

// Migration imports users through the user migration trigger when they first sign in or reset their password. It is
// separate from Room because signin needs it, too.
type Migration struct {
	store    state.Store
	triggers Triggers
	delivery Welcomer
	now      func() time.Time
}

// NewMigration returns a Migration. The error names missing dependencies.
func NewMigration(d MigrationDeps) (*Migration, error) {
	if err := deps.Check("migration", d); err != nil {
		return nil, err
	}
	return &Migration{d.Store, d.Triggers, d.Delivery, d.Now}, nil
}

// OfSignIn invokes the trigger for a user who signs in with a password. If it returns a user, the trigger has checked
// the password. It returns nil if there is no trigger or the trigger does not know the user.
func (m *Migration) OfSignIn(
	ctx context.Context, c directory.Caller, password string, validation map[string]string,
) (*state.User, error) {
	request := events.UserMigrationRequest{Password: password, ValidationData: validation}
	return m.migrate(ctx, c, cognito.UserMigrationAuthentication, request)
}

// OfForgotten invokes the trigger for a user who forgot their password.
func (m *Migration) OfForgotten(
	ctx context.Context, c directory.Caller, metadata map[string]string,
) (*state.User, error) {
	return m.migrate(ctx, c, cognito.UserMigrationForgotPassword, events.UserMigrationRequest{ClientMetadata: metadata})
}

func (m *Migration) migrate(
	ctx context.Context, c directory.Caller, source string, request events.UserMigrationRequest,
) (*state.User, error) {
	if !triggers.Has(c.Pool, cognito.UserMigration) {
		return nil, nil
	}
	response, err := m.triggers.Fire(ctx, triggers.Call{
		Pool: c.Pool, Hook: cognito.UserMigration, Source: source, UserName: c.Name, ClientID: c.Client.ID,
		Request: request,
	})
	if err != nil {
		return nil, err
	}
	attributes := fire.Texts(response, "userAttributes")
	if len(attributes) == 0 {
		return nil, nil
	}
	if member := unknownValue(response); member != "" {
		return nil, fault.New(fault.MigrationFailed, c.Client.ID, "Invalid "+member)
	}
	u, err := m.user(c.Pool, c.Name, attributes)
	if err != nil {
		return nil, err
	}
	u.Status = state.ResetRequired
	if final := fire.Text(response, "finalUserStatus"); final != nil && *final != "" {
		u.Status = *final
	}
	if fire.Flag(response, "enableSMSMFA") {
		if !secondfactor.Has(c.Pool, secondfactor.SMS) || !secondfactor.SetUp(u, secondfactor.SMS) {
			return nil, fault.New(fault.MigrationFailed, c.Client.ID, "enableSMSMFA needs a phone number and MFA by SMS")
		}
		u.MFA = []string{secondfactor.SMS}
	}
	if u.Status == state.Confirmed && request.Password != "" {
		if err := directory.SetPassword(c.Pool, &u, request.Password); err != nil {
			return nil, err
		}
	}
	aliases := state.Aliases(fire.Flag(response, "forceAliasCreation"))
	if err := create(m.store, c.Pool, u, aliases); err != nil {
		return nil, err
	}
	if action := fire.Text(response, "messageAction"); action == nil || *action != "SUPPRESS" {
		m.delivery.Welcome(ctx, c.Pool, u, response)
	}
	return &u, nil
}

// unknownValue returns the name of a member with a value that Cognito does not know, or "".
func unknownValue(response triggers.Response) string {
	for _, member := range cognito.UserMigration.Contract().Response {
		if len(member.Values) == 0 {
			continue
		}
		var values []string
		if member.Type == cognito.TextList {
			_ = json.Unmarshal(response[member.Name], &values) // the types are validated with the answer
		} else if text := fire.Text(response, member.Name); text != nil {
			values = []string{*text}
		}
		for _, value := range values {
			if value != "" && !slices.Contains(member.Values, value) {
				return member.Name
			}
		}
	}
	return ""
}

func (m *Migration) user(pool state.Pool, name string, attributes map[string]string) (state.User, error) {
	now, sub := m.now(), uuid.NewString()
	u := state.User{Username: name, Attributes: map[string]string{"sub": sub}, Created: now, Modified: now}
	own := attributes["username"]
	delete(attributes, "username")
	switch {
	case len(pool.Settings.UsernameAttributes) > 0:
		attribute, err := directory.SignInAttribute(pool, name)
		if err != nil {
			return u, err
		}
		u.Username, u.Attributes[attribute] = sub, name
	case own != "" && len(pool.Settings.AliasAttributes) > 0:
		u.Username = own
	case own != "" && own != name:
		return u, fault.New(fault.Schema, "username must be absent or the same as in the request")
	}
	if err := directory.CheckChange(pool, directory.Administrator(), attributes); err != nil {
		return u, err
	}
	for attribute, value := range attributes {
		u.Attributes[attribute] = value
	}
	for _, attribute := range pool.Schema { // attributes that the pool requires and the trigger did not return
		if attribute.Required && u.Attributes[attribute.Name] == "" {
			u.Attributes[attribute.Name] = "cognito:default_val"
		}
	}
	return u, nil
}
