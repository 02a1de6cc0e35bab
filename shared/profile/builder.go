package profile

import (
	"errors"
	"strings"
	"time"

	"cognito-triggers/shared/events"
	"cognito-triggers/shared/settings"
)

// AttributesSetting names the setting that lists the attributes of a profile.
const AttributesSetting = "PROFILE_ATTRIBUTES"

// defaultAttributes is what a profile holds unless AttributesSetting says otherwise: enough to greet a user in their
// language.
var defaultAttributes = []string{"email", "name", "given_name", "family_name", "locale"}

// defaultValue is what Cognito writes into a required attribute that the identity provider did not supply. It says
// nothing about the user.
const defaultValue = "cognito:default_val"

// Builder makes profiles from events.
type Builder struct {
	// Attributes are the user attributes that go into a profile, where the event has them.
	Attributes []string
}

// NewBuilder reads AttributesSetting, a comma-separated list.
func NewBuilder(env *settings.Env) Builder {
	if env.Lookup(AttributesSetting) == "" {
		return Builder{Attributes: defaultAttributes}
	}
	return Builder{Attributes: env.List(AttributesSetting)}
}

// Build makes the profile of the event's user, as created now. It fails where the event cannot name the account:
// without `sub` or without a user pool id. An `identities` attribute that cannot be read leaves out what is unreadable;
// ParseIdentities tells a caller that wants to count such events.
func (b Builder) Build(e events.Envelope, attrs events.Attributes, now time.Time) (Profile, error) {
	sub := strings.TrimSpace(attrs["sub"])
	if sub == "" {
		return Profile{}, errors.New("request.userAttributes.sub: missing, a profile cannot be keyed without it")
	}
	if e.UserPoolID == "" {
		return Profile{}, errors.New("userPoolId: missing, a profile cannot be keyed without it")
	}
	kept := make(map[string]string, len(b.Attributes))
	for _, name := range b.Attributes {
		if value, ok := attrs[name]; ok && value != defaultValue {
			kept[name] = value
		}
	}
	identities, _ := ParseIdentities(attrs[IdentitiesAttribute])
	return Profile{
		Key:           Key{UserPoolID: e.UserPoolID, Sub: sub},
		Username:      e.UserName,
		Attributes:    kept,
		Identities:    identities,
		CreatedAt:     now,
		UpdatedAt:     now,
		SchemaVersion: SchemaVersion,
		CreatedBy:     e.TriggerSource,
	}.Normalized(), nil
}
