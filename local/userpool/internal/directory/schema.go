package directory

import (
	"slices"
	"strings"

	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/state"
)

// standardAttributes lists the attributes of every pool.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html
var standardAttributes = []string{
	"sub", "name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture",
	"website", "email", "email_verified", "gender", "birthdate", "zoneinfo", "locale", "phone_number",
	"phone_number_verified", "address", "updated_at", "identities",
}

func standardAttribute(name string) state.SchemaAttribute {
	mutable := name != "sub"
	a := state.SchemaAttribute{
		Name: name, AttributeDataType: "String", Mutable: &mutable, Required: name == "sub",
		StringAttributeConstraints: &state.StringConstraints{MinLength: "0", MaxLength: "2048"},
	}
	switch name {
	case "sub":
		a.StringAttributeConstraints.MinLength = "1"
	case "birthdate":
		a.StringAttributeConstraints = &state.StringConstraints{MinLength: "10", MaxLength: "10"}
	case "email_verified", "phone_number_verified":
		a.AttributeDataType, a.StringAttributeConstraints = "Boolean", nil
	case "updated_at":
		a.AttributeDataType, a.StringAttributeConstraints = "Number", nil
		a.NumberAttributeConstraints = &state.NumberConstraints{MinValue: "0"}
	case "identities":
		a.StringAttributeConstraints = &state.StringConstraints{}
	}
	return a
}

// Schema merges a pool's own attributes with the standard ones.
func Schema(own []state.SchemaAttribute) ([]state.SchemaAttribute, error) {
	var all []state.SchemaAttribute
	for _, name := range standardAttributes {
		all = append(all, standardAttribute(name))
	}
	for _, a := range own {
		if slices.Contains(standardAttributes, a.Name) {
			all[slices.Index(standardAttributes, a.Name)] = overStandard(a)
			continue
		}
		custom, err := customAttribute(a)
		if err != nil {
			return nil, err
		}
		all = append(all, custom)
	}
	return all, nil
}

func overStandard(own state.SchemaAttribute) state.SchemaAttribute {
	a := standardAttribute(own.Name)
	a.Required = a.Required || own.Required
	if own.Mutable != nil {
		a.Mutable = own.Mutable
	}
	if own.StringAttributeConstraints != nil {
		a.StringAttributeConstraints = own.StringAttributeConstraints
	}
	if own.NumberAttributeConstraints != nil {
		a.NumberAttributeConstraints = own.NumberAttributeConstraints
	}
	return a
}

const (
	maxCustomAttributes = 50
	maxCustomName       = 20
	developerOnly       = "dev:" // prefix of attributes that only administrators may write
)

func customAttribute(a state.SchemaAttribute) (state.SchemaAttribute, error) {
	name := strings.TrimPrefix(a.Name, "custom:")
	switch {
	case name == "" || len(name) > maxCustomName:
		return a, fault.Constrain("schema.name", "Member must have length between 1 and 20")
	case a.Required:
		return a, fault.New(fault.Invalid, "Required custom attributes are not supported currently.")
	case !slices.Contains([]string{"String", "Number", "DateTime", "Boolean", ""}, a.AttributeDataType):
		return a, fault.Constrain("schema.attributeDataType", fault.OneOf("Number", "String", "DateTime", "Boolean"))
	}
	a.Name = "custom:" + name
	if a.DeveloperOnlyAttribute {
		a.Name = developerOnly + a.Name
	}
	if a.AttributeDataType == "" {
		a.AttributeDataType = "String"
	}
	if a.Mutable == nil {
		yes := true
		a.Mutable = &yes
	}
	if a.AttributeDataType == "String" && a.StringAttributeConstraints == nil {
		a.StringAttributeConstraints = &state.StringConstraints{}
	}
	if a.AttributeDataType == "Number" && a.NumberAttributeConstraints == nil {
		a.NumberAttributeConstraints = &state.NumberConstraints{}
	}
	return a, nil
}

// Extend adds custom attributes to a pool's schema.
func Extend(have, added []state.SchemaAttribute) ([]state.SchemaAttribute, error) {
	all := slices.Clone(have)
	for _, a := range added {
		custom, err := customAttribute(a)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(all, func(have state.SchemaAttribute) bool { return have.Name == custom.Name }) {
			return nil, fault.New(fault.AttributeExists, custom.Name)
		}
		all = append(all, custom)
	}
	if len(all) > len(standardAttributes)+maxCustomAttributes {
		return nil, fault.New(fault.TooManyAttributes)
	}
	return all, nil
}
