package table

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"cognito-triggers/shared/migration/passwordhash"
	"cognito-triggers/shared/strictjson"
)

// Description says where the attributes of a table's items are.
type Description struct {
	// Key is the hash key, a string, whose value the user types: of the table, or of the index in the ARN.
	Key string `json:"key"`
	// LowerCase looks the name up in lower case, for tables that store it so.
	LowerCase bool `json:"lower_case"`
	// PasswordHash is the attribute with the hash; see package passwordhash.
	PasswordHash string `json:"password_hash"`
	// DummyHash is a hash in the form and with the costs that most hashes of the table have, of any password. It is
	// checked for names that the table does not have, so that the time of an answer does not reveal them.
	DummyHash string `json:"dummy_hash"`
	// Verified names, for an attribute with an address or a phone number, the attribute that says whether it is verified:
	// true, "true" or 1. An asterisk means that it always is.
	Verified map[string]string `json:"verified"`
	// Disabled, SecondFactor and ResetRequired are attributes that say so in the same way. They may be left out.
	Disabled      string `json:"disabled"`
	SecondFactor  string `json:"second_factor"`
	ResetRequired string `json:"reset_required"`
}

// always stands in Verified for an attribute that needs no other to say that it is verified.
const always = "*"

// ParseDescription reads a description as JSON. The error says what is wrong and has no part of the dummy hash.
func ParseDescription(text string, limits passwordhash.Limits) (Description, error) {
	var d Description
	if err := strictjson.Unmarshal([]byte(text), &d); err != nil {
		return d, fmt.Errorf("is no description of a table: %w", err)
	}
	for _, member := range []struct{ name, value string }{
		{"key", d.Key}, {"password_hash", d.PasswordHash}, {"dummy_hash", d.DummyHash},
	} {
		if member.value == "" {
			return d, fmt.Errorf("needs the member %s", member.name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(d.Verified)) {
		if d.Verified[name] == "" {
			return d, fmt.Errorf("does not say in verified when %s is: name an attribute, or write \"*\"", name)
		}
	}
	if _, err := passwordhash.Parse(d.DummyHash, limits); err != nil {
		return d, fmt.Errorf("has a dummy_hash that cannot be checked: %w", err)
	}
	return d, nil
}

// Place is where a table is, or an index of it.
type Place struct{ Region, Table, Index string }

const arnForm = `^arn:[a-z-]+:dynamodb:([a-z0-9-]+):[0-9]{12}:table/([A-Za-z0-9_.-]{3,255})` +
	`(?:/index/([A-Za-z0-9_.-]{3,255}))?$`

// ParseARN reads the ARN of a table or of a global secondary index.
func ParseARN(arn string) (Place, error) {
	parts := regexp.MustCompile(arnForm).FindStringSubmatch(arn)
	if parts == nil {
		return Place{}, errors.New("is not the ARN of a DynamoDB table or index: " +
			"write arn:aws:dynamodb:<Region>:<account>:table/<name>, and /index/<name> behind it for an index")
	}
	return Place{Region: parts[1], Table: parts[2], Index: parts[3]}, nil
}

// isTrue reports whether an attribute of an item says yes.
func isTrue(value string) bool { return value == "1" || strings.EqualFold(value, "true") }
