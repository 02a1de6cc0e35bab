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

// defaultAttributes are the attributes of a profile if AttributesSetting is unset: enough to greet users in their
// language.
var defaultAttributes = []string{"email", "name", "given_name", "family_name", "locale"}

// defaultValue is Cognito's value of a required attribute that the identity provider did not supply.
const defaultValue = "cognito:default_val"

// Builder makes profiles from events.
type Builder struct {
	// Attributes are the user attributes that are copied into a profile if the event has them.
	Attributes []string
}

// NewBuilder reads AttributesSetting, a comma-separated list.
func NewBuilder(env *settings.Env) Builder {
	if env.Lookup(AttributesSetting) == "" {
		return Builder{Attributes: defaultAttributes}
	}
	return Builder{Attributes: env.List(AttributesSetting)}
}

// Build returns a new profile of the event's user, created at now. It returns an error if the event does not identify
// the account: without sub or a user pool id. Unreadable identities are left out; to count such events, call
// ParseIdentities.
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
