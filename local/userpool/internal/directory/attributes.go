package directory

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/shared/cognito"
)

const maxAttributeValue = 2048

// Writer is a principal that writes attributes.
type Writer struct{ client *state.Client }

// Administrator returns a Writer that may write every attribute.
func Administrator() Writer { return Writer{} }

// UserOf returns a Writer that may write what the app client may write.
func UserOf(client state.Client) Writer { return Writer{&client} }

func (w Writer) may(name string) bool { return w.client == nil || writable(*w.client, name) }

// CheckNew checks a new user's attributes against the pool's schema: each attribute must exist, be writable by w and
// have a valid value. Users who sign up must give all required attributes; those whom an administrator creates give the
// missing ones together with their first own password.
func CheckNew(pool state.Pool, w Writer, values map[string]string) error {
	if err := checkEach(pool, w, values, func(state.SchemaAttribute) bool { return true }); err != nil {
		return err
	}
	if missing := Missing(pool, values); w.client != nil && len(missing) > 0 {
		return schemaError("%s: The attribute %s is required\n", missing[0], missing[0])
	}
	return nil
}

// Missing returns the names of the required attributes that have no value, in the order of the schema.
func Missing(pool state.Pool, values map[string]string) []string {
	var names []string
	for _, attribute := range pool.Schema {
		if name := attribute.Name; attribute.Required && name != "sub" && values[name] == "" {
			names = append(names, name)
		}
	}
	return names
}

// CheckCompletion checks the attributes that a user gives together with the first own password. Immutable ones can be
// given if they are required and missing; required ones that the user has cannot be changed here.
func CheckCompletion(pool state.Pool, w Writer, u state.User, values map[string]string) error {
	missing := Missing(pool, u.Attributes)
	for _, name := range slices.Sorted(maps.Keys(values)) {
		attribute, _ := SchemaOf(pool, name)
		if attribute.Required && !slices.Contains(missing, name) && name != "sub" {
			return fault.New(fault.AttributeProvided, name)
		}
	}
	return checkEach(pool, w, values, func(a state.SchemaAttribute) bool {
		return a.Mutable == nil || *a.Mutable || slices.Contains(missing, a.Name)
	})
}

// CheckChange checks new values for a user's attributes against the pool's schema. Unlike CheckNew, it rejects
// immutable attributes and does not look for missing ones.
func CheckChange(pool state.Pool, w Writer, values map[string]string) error {
	return checkEach(pool, w, values, func(a state.SchemaAttribute) bool { return a.Mutable == nil || *a.Mutable })
}

func checkEach(pool state.Pool, w Writer, values map[string]string, changes func(state.SchemaAttribute) bool) error {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		attribute, known := SchemaOf(pool, name)
		switch {
		case !known:
			return schemaError("Type for attribute {%s} could not be determined", name)
		case name == "sub" || name == "identities":
			return fault.New(fault.ReservedAttribute, name)
		case !w.may(name):
			return fault.New(fault.AttributeNotWritable)
		case !changes(attribute):
			return fault.New(fault.ImmutableAttribute, name)
		}
		if err := checkValue(attribute, name, values[name]); err != nil {
			return err
		}
	}
	return nil
}

func schemaError(format string, args ...any) error {
	return fault.New(fault.Schema, fmt.Sprintf(format, args...))
}

// SchemaOf returns an attribute of the pool's schema.
func SchemaOf(pool state.Pool, name string) (state.SchemaAttribute, bool) {
	for _, attribute := range pool.Schema {
		if attribute.Name == name {
			return attribute, true
		}
	}
	return state.SchemaAttribute{}, false
}

func checkValue(attribute state.SchemaAttribute, name, value string) error {
	length := utf8.RuneCountInString(value)
	switch {
	case value == "": // removes the attribute
		return nil
	case len(value) > maxAttributeValue:
		return schemaError("%s: String must be no longer than %d characters\n", name, maxAttributeValue)
	case name == Email && !IsEmail(value):
		return fault.New(fault.Invalid, "Invalid email address format.")
	case name == Phone && !IsPhone(value):
		return fault.New(fault.Invalid, "Invalid phone number format.")
	case attribute.AttributeDataType == "Number":
		return checkNumber(attribute, name, value)
	case attribute.AttributeDataType == "Boolean":
		if _, ok := cognito.ParseBoolean(value); !ok {
			return schemaError("%s: is not a boolean\n", name)
		}
	}
	if s := attribute.StringAttributeConstraints; s != nil {
		if limit, err := strconv.Atoi(s.MinLength); err == nil && length < limit {
			return schemaError("%s: String must be at least %d characters\n", name, limit)
		}
		if limit, err := strconv.Atoi(s.MaxLength); err == nil && length > limit {
			return schemaError("%s: String must be no longer than %d characters\n", name, limit)
		}
	}
	return nil
}

var decimal = regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)

func checkNumber(attribute state.SchemaAttribute, name, value string) error {
	number, err := strconv.ParseFloat(value, 64)
	if err != nil || !decimal.MatchString(value) { // ParseFloat also accepts "NaN" and "0x1p0"
		return schemaError("%s: is not a number\n", name)
	}
	limits := attribute.NumberAttributeConstraints
	if limits == nil {
		return nil
	}
	if low, err := strconv.ParseFloat(limits.MinValue, 64); err == nil && number < low {
		return schemaError("%s: Number must be at least %s\n", name, limits.MinValue)
	}
	if high, err := strconv.ParseFloat(limits.MaxValue, 64); err == nil && number > high {
		return schemaError("%s: Number must be no larger than %s\n", name, limits.MaxValue)
	}
	return nil
}

func writable(client state.Client, name string) bool {
	if name == Email+verified || name == Phone+verified || strings.HasPrefix(name, developerOnly) {
		return false
	}
	return len(client.Settings.WriteAttributes) == 0 || slices.Contains(client.Settings.WriteAttributes, name)
}

// Readable reports whether an app client may read an attribute.
func Readable(client state.Client, name string) bool {
	if name == "sub" || name == "identities" || len(client.Settings.ReadAttributes) == 0 {
		return true
	}
	return slices.Contains(client.Settings.ReadAttributes, name)
}

// ReadableAttributes returns the attributes of a user that the client may read.
func ReadableAttributes(client state.Client, u state.User) map[string]string {
	all := maps.Clone(u.Attributes)
	maps.DeleteFunc(all, func(name, _ string) bool { return !Readable(client, name) })
	return all
}

// verified is the suffix of attributes that say whether an address is verified.
const verified = "_verified"

// IsVerified reports whether an address of the user is verified; address is the attribute's name.
func IsVerified(u state.User, address string) bool {
	return cognito.IsTrue(u.Attributes[address+verified])
}

// SetVerified sets whether an address of the user is verified; address is the attribute's name.
func SetVerified(u *state.User, address string, is bool) {
	u.Attributes[address+verified] = strconv.FormatBool(is)
}

// SetAttributes changes attributes of a user. An empty value removes the attribute. A changed address becomes
// unverified.
func SetAttributes(u *state.User, values map[string]string) {
	for name, value := range values {
		isAddress := name == Email || name == Phone
		if isAddress && u.Attributes[name] != value {
			if _, given := values[name+verified]; !given {
				SetVerified(u, name, false)
			}
		}
		if value != "" {
			u.Attributes[name] = value
			continue
		}
		delete(u.Attributes, name)
		if isAddress {
			delete(u.Attributes, name+verified)
		}
	}
}
