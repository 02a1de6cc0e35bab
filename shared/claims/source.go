package claims

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"cognito-triggers/shared/profile"

	"cognito-triggers/shared/cognito"
)

type sourceKind int

const (
	fromConstant sourceKind = iota
	fromClientID
	fromGroups
	fromAttribute
	fromMetadata
	fromProfileAttribute
	fromProfileField
)

// source is where a claim's value comes from.
type source struct {
	kind     sourceKind
	name     string          // of the attribute, metadata key or profile field
	constant json.RawMessage // fromConstant
	groups   []groupValue    // fromGroups: the map; nil means the groups' names
	first    bool            // fromGroups: only the first mapped group counts
}

type groupValue struct {
	group string
	value json.RawMessage
}

func (s source) ofProfile() bool { return s.kind == fromProfileAttribute || s.kind == fromProfileField }

// ofUser reports whether the source needs a user; a machine client has none.
func (s source) ofUser() bool {
	return s.ofProfile() || s.kind == fromAttribute || s.kind == fromGroups
}

const sourceForms = "profile.<field>, profile.attributes.<name>, attribute.<name>, groups, clientId or " +
	"clientMetadata.<key>"

// parseSource reads the member from of a rule.
func parseSource(from string) (source, error) {
	switch from {
	case "groups":
		return source{kind: fromGroups}, nil
	case "clientId":
		return source{kind: fromClientID}, nil
	}
	if name, ok := strings.CutPrefix(from, "profile.attributes."); ok && name != "" {
		return source{kind: fromProfileAttribute, name: name}, nil
	}
	if name, ok := strings.CutPrefix(from, "profile."); ok {
		if _, known := profileField(&profile.Profile{}, name, cognito.TypeString); !known {
			return source{},
				fmt.Errorf(
					"%q is not a profile field: use sub, userPoolId, username, createdBy, createdAt, updatedAt, schemaVersion or "+
						"attributes.<name>", name)
		}
		return source{kind: fromProfileField, name: name}, nil
	}
	if name, ok := strings.CutPrefix(from, "attribute."); ok {
		return source{kind: fromAttribute, name: name}, checkAttribute(name)
	}
	if name, ok := strings.CutPrefix(from, "clientMetadata."); ok && name != "" {
		return source{kind: fromMetadata, name: name}, nil
	}
	return source{}, fmt.Errorf("%q is not a source: use %s", from, sourceForms)
}

// profileField returns a field of the profile as text, or false if there is no such field. A time is in RFC 3339, or in
// seconds since 1970 if the claim is a number, like the standard claim updated_at.
func profileField(p *profile.Profile, name, kind string) (string, bool) {
	switch name {
	case "sub":
		return p.Sub, true
	case "userPoolId":
		return p.UserPoolID, true
	case "username":
		return p.Username, true
	case "createdBy":
		return p.CreatedBy, true
	case "createdAt":
		return timeText(p.CreatedAt, kind), true
	case "updatedAt":
		return timeText(p.UpdatedAt, kind), true
	case "schemaVersion":
		return strconv.Itoa(p.SchemaVersion), true
	}
	return "", false
}

func timeText(t time.Time, kind string) string {
	switch {
	case t.IsZero():
		return ""
	case kind == cognito.TypeNumber:
		return strconv.FormatInt(t.Unix(), 10)
	}
	return t.UTC().Format(time.RFC3339)
}
