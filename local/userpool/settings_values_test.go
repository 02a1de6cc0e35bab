package userpool

import (
	"strings"
	"testing"

	"cognito-triggers/local/userpool/internal/model"
	"cognito-triggers/local/userpool/internal/wire"
)

// Every value that the API has for a setting is known: it is taken, refused by name, or contradicts another setting.
func TestValuesOfSettingsAreKnown(t *testing.T) {
	d := startDirect(t, nil, nil)
	rest := object{"PoolName": "p", "ClientName": "c", "UserPoolId": d.pool, "ClientId": d.client, "Domain": "d",
		"ProviderName": "n", "Identifier": "n", "GroupName": "g"}
	sent := 0
	for _, op := range Registry() {
		if !op.Served() || wire.OwnerOf(op.Name) == wire.AnyRequest {
			continue
		}
		input := modelOf(t, op.Name).Input
		for _, row := range Settings() {
			if row.Of != wire.OwnerOf(op.Name) || row.Value != "" || inList(input, row.Name) {
				continue
			}
			of := input.Member(row.Name)
			isList := of != nil && of.Type == "list"
			if isList {
				of = of.Of
			}
			if of == nil {
				continue
			}
			for _, value := range of.Enum {
				var given any = value
				if isList {
					given = []any{value}
				}
				sent++
				answer := send(d.server, op.Name, sample(t, op.Name, row.Name, given, rest))
				if strings.Contains(answer.Body.String(), "enum value set") {
					t.Errorf("%s: %s %q is unknown: %s", op.Name, row.Name, value, answer.Body)
				}
			}
		}
	}
	if sent < 60 {
		t.Errorf("only %d values were sent", sent)
	}
}

// inList reports whether a member is part of the structures in a list.
func inList(input *model.Shape, name string) bool {
	for _, parent := range wire.Parents(name) {
		if of := input.Member(parent); of != nil && of.Type == "list" {
			return true
		}
	}
	return false
}
