package dynamo

import (
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cognito-triggers/shared/internal/dynamoitem"
	"cognito-triggers/shared/profile"
)

// The item's attributes.
const (
	pk               = "pk"
	userPoolID       = "user_pool_id"
	sub              = "sub"
	username         = "username"
	attributes       = "attributes"
	identities       = "identities"
	createdAt        = "created_at"
	updatedAt        = "updated_at"
	schemaVersion    = "schema_version"
	createdBy        = "created_by"
	welcomeClaimedAt = "welcome_claimed_at"
	welcomeClaim     = "welcome_claim" // the claim's id, see ClaimWelcome
	deletedAt        = "deleted_at"    // of a tombstone
	expiresAt        = "expires_at"    // of a tombstone: seconds since 1970
	suspended        = "suspended"
	lockedUntil      = "locked_until"
	failures         = "sign_in_failures"
	failedAt         = "sign_in_failed_at"
	groups           = "groups"
	lastSignInAt     = "last_sign_in_at"
	signInCount      = "sign_in_count"
	signInClients    = "sign_in_clients"
	newDeviceAt      = "new_device_at"
)

// timeForm is RFC 3339 with a fixed number of digits, so that texts sort like times.
const timeForm = "2006-01-02T15:04:05.000Z07:00"

func seconds(t time.Time) types.AttributeValue { return dynamoitem.Number(t.Unix()) }

func timestamp(t time.Time) types.AttributeValue {
	return dynamoitem.Text(profile.Timestamp(t).Format(timeForm))
}

func key(k profile.Key) dynamoitem.Item { return dynamoitem.Item{pk: dynamoitem.Text(k.String())} }

func encode(p profile.Profile) dynamoitem.Item {
	values := make(dynamoitem.Item, len(p.Attributes))
	for name, value := range p.Attributes {
		values[name] = dynamoitem.Text(value)
	}
	list := make([]types.AttributeValue, len(p.Identities))
	for i, identity := range p.Identities {
		list[i] = &types.AttributeValueMemberM{Value: encodeIdentity(identity)}
	}
	i := dynamoitem.Item{
		pk:            dynamoitem.Text(p.Key.String()),
		userPoolID:    dynamoitem.Text(p.UserPoolID),
		sub:           dynamoitem.Text(p.Sub),
		username:      dynamoitem.Text(p.Username),
		attributes:    &types.AttributeValueMemberM{Value: values},
		identities:    &types.AttributeValueMemberL{Value: list},
		createdAt:     timestamp(p.CreatedAt),
		updatedAt:     timestamp(p.UpdatedAt),
		schemaVersion: dynamoitem.Number(int64(p.SchemaVersion)),
		createdBy:     dynamoitem.Text(p.CreatedBy),
	}
	if !p.WelcomeClaimedAt.IsZero() {
		i[welcomeClaimedAt] = timestamp(p.WelcomeClaimedAt)
	}
	encodeSignIn(p, i)
	return i
}

func encodeIdentity(identity profile.Identity) dynamoitem.Item {
	i := dynamoitem.Item{
		"provider_name": dynamoitem.Text(identity.ProviderName),
		"provider_type": dynamoitem.Text(identity.ProviderType),
		"user_id":       dynamoitem.Text(identity.UserID),
		"issuer":        dynamoitem.Text(identity.Issuer),
		"primary":       &types.AttributeValueMemberBOOL{Value: identity.Primary},
	}
	if !identity.DateCreated.IsZero() {
		i["date_created"] = timestamp(identity.DateCreated)
	}
	return i
}

// decode reads a profile's item. Missing attributes are zero. The error names an attribute whose type encode does not
// write.
func decode(i dynamoitem.Item) (profile.Profile, error) {
	r := reader{}
	p := profile.Profile{
		Key:              profile.Key{UserPoolID: r.text(i, userPoolID), Sub: r.text(i, sub)},
		Username:         r.text(i, username),
		Attributes:       r.texts(i, attributes),
		Identities:       r.identities(i),
		CreatedAt:        r.time(i, createdAt),
		UpdatedAt:        r.time(i, updatedAt),
		SchemaVersion:    r.number(i, schemaVersion),
		CreatedBy:        r.text(i, createdBy),
		WelcomeClaimedAt: r.time(i, welcomeClaimedAt),
		Access:           r.access(i),
		SignIns:          r.signIns(i),
	}
	return p, r.Err
}

// reader keeps the first error, so that decode needs no error check per attribute.
type reader struct{ dynamoitem.Reader }

func (r *reader) text(i dynamoitem.Item, name string) string {
	switch v := i[name].(type) {
	case nil, *types.AttributeValueMemberNULL:
	case *types.AttributeValueMemberS:
		return v.Value
	default:
		r.Fail(name, "a string")
	}
	return ""
}

func (r *reader) number(i dynamoitem.Item, name string) int {
	switch v := i[name].(type) {
	case nil, *types.AttributeValueMemberNULL:
	case *types.AttributeValueMemberN:
		n, err := strconv.Atoi(v.Value)
		if err != nil {
			r.Fail(name, "a whole number")
		}
		return n
	default:
		r.Fail(name, "a number")
	}
	return 0
}

func (r *reader) time(i dynamoitem.Item, name string) time.Time {
	value := r.text(i, name)
	if value == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, value)
	if err != nil {
		r.Fail(name, "an RFC 3339 time")
		return time.Time{}
	}
	return profile.Timestamp(t)
}

func (r *reader) texts(i dynamoitem.Item, name string) map[string]string {
	values := map[string]string{}
	switch v := i[name].(type) {
	case nil, *types.AttributeValueMemberNULL:
	case *types.AttributeValueMemberM:
		for member := range v.Value {
			values[member] = r.text(v.Value, member)
		}
	default:
		r.Fail(name, "a map")
	}
	return values
}

func (r *reader) identities(i dynamoitem.Item) []profile.Identity {
	list, ok := i[identities].(*types.AttributeValueMemberL)
	if !ok {
		if i[identities] != nil {
			r.Fail(identities, "a list")
		}
		return nil
	}
	var all []profile.Identity
	for _, value := range list.Value {
		m, ok := value.(*types.AttributeValueMemberM)
		if !ok {
			r.Fail(identities, "a list of maps")
			continue
		}
		all = append(all, r.identity(m.Value))
	}
	return all
}

func (r *reader) identity(i dynamoitem.Item) profile.Identity {
	primary, _ := i["primary"].(*types.AttributeValueMemberBOOL)
	return profile.Identity{
		ProviderName: r.text(i, "provider_name"),
		ProviderType: r.text(i, "provider_type"),
		UserID:       r.text(i, "user_id"),
		Issuer:       r.text(i, "issuer"),
		Primary:      primary != nil && primary.Value,
		DateCreated:  r.time(i, "date_created"),
	}
}
