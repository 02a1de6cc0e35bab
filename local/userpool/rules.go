package userpool

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"cognito-triggers/local/userpool/srp"
	"cognito-triggers/local/userpool/state"
)

const (
	maxPassword       = 256
	maxAttributeValue = 2048
	symbols           = "^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+- "
)

func passwordPolicy(pool state.Pool) state.PasswordPolicy {
	if p := pool.Settings.Policies; p != nil && p.PasswordPolicy != nil {
		return *p.PasswordPolicy
	}
	return defaultPasswordPolicy
}

var defaultPasswordPolicy = state.PasswordPolicy{
	MinimumLength: 8, RequireUppercase: true, RequireLowercase: true, RequireNumbers: true, RequireSymbols: true, TemporaryPasswordValidityDays: 7,
}

// checkPassword holds a password against the pool's policy.
func checkPassword(pool state.Pool, password string) error {
	p := passwordPolicy(pool)
	has := func(is func(rune) bool) bool { return strings.ContainsFunc(password, is) }
	switch {
	case pool.Seeded:
		return nil
	case utf8.RuneCountInString(password) > maxPassword:
		return invalid("1 validation error detected: Value at 'password' failed to satisfy constraint: Member must have length less than or equal to 256")
	case utf8.RuneCountInString(password) < p.MinimumLength:
		return invalidPassword("Password not long enough")
	case p.RequireLowercase && !has(func(r rune) bool { return r >= 'a' && r <= 'z' }):
		return invalidPassword("Password must have lowercase characters")
	case p.RequireUppercase && !has(func(r rune) bool { return r >= 'A' && r <= 'Z' }):
		return invalidPassword("Password must have uppercase characters")
	case p.RequireNumbers && !has(unicode.IsDigit):
		return invalidPassword("Password must have numeric characters")
	case p.RequireSymbols && !strings.ContainsAny(password, symbols):
		return invalidPassword("Password must have symbol characters")
	case strings.TrimSpace(password) != password:
		return invalid("Password should not contain leading or trailing spaces")
	}
	return nil
}

func invalidPassword(why string) error {
	return &apiError{"InvalidPasswordException", "Password did not conform with policy: " + why}
}

// setPassword keeps a password's verifier. The password policy's history forbids the latest ones.
func setPassword(pool state.Pool, u *state.User, password string) error {
	size := passwordPolicy(pool).PasswordHistorySize
	if size > 0 {
		old := u.History
		if u.Verifier != nil {
			old = append([]srp.Verifier{*u.Verifier}, old...)
		}
		for _, v := range old[:min(size, len(old))] {
			if v.Check(password) {
				return &apiError{"PasswordHistoryPolicyViolationException", "Password has previously been used."}
			}
		}
		u.History = old[:min(size, len(old))]
	}
	v := srp.NewVerifier(srp.PoolName(pool.ID), u.Username, password)
	u.Verifier, u.Failures = &v, 0
	return nil
}

// checkSchema holds new values against the pool's attributes: those that exist, that this client may write, that may
// change, and that fit their type. forAdmin skips the client's list.
func checkSchema(pool state.Pool, client *state.Client, values map[string]string, update bool) error {
	if pool.Seeded {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		attribute, known := schemaOf(pool, name)
		switch {
		case !known:
			return schemaError("Type for attribute {%s} could not be determined", name)
		case name == "sub" || name == "identities":
			return invalid("Cannot modify the non-mutable attribute " + name)
		case client != nil && !writable(*client, name):
			return notAuthorized("A client attempted to write unauthorized attribute")
		case update && attribute.Mutable != nil && !*attribute.Mutable:
			return invalid(fmt.Sprintf("user.%s: Attribute cannot be updated.\n", name))
		}
		if err := checkValue(attribute, name, values[name]); err != nil {
			return err
		}
	}
	if update {
		return nil
	}
	for _, attribute := range pool.Schema {
		if attribute.Required && attribute.Name != "sub" && values[attribute.Name] == "" {
			return schemaError("%s: The attribute %s is required\n", attribute.Name, attribute.Name)
		}
	}
	return nil
}

func schemaError(format string, args ...any) error {
	return invalid("Attributes did not conform to the schema: " + fmt.Sprintf(format, args...))
}

func schemaOf(pool state.Pool, name string) (state.SchemaAttribute, bool) {
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
	case name == "email" && !isEmail(value):
		return invalid("Invalid email address format.")
	case name == "phone_number" && !isPhone(value):
		return invalid("Invalid phone number format.")
	case attribute.AttributeDataType == "Number":
		return checkNumber(attribute, name, value)
	case attribute.AttributeDataType == "Boolean" && value != "true" && value != "false":
		return schemaError("%s: is not a boolean\n", name)
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
	if err != nil || !decimal.MatchString(value) { // Go takes "NaN" and "0x1p0", too
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

// isEmail takes one address, bare: what would be a list, a name beside an address or a quoted part is none.
func isEmail(text string) bool {
	local, domain, _ := strings.Cut(text, "@")
	return local != "" && !strings.ContainsAny(text, `,;:<>()[]\"`) && !slices.Contains(strings.Split(domain, "."), "") && !strings.Contains(domain, "@") &&
		!strings.ContainsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) })
}

func isPhone(text string) bool {
	digits, plus := strings.CutPrefix(text, "+")
	return plus && len(digits) > 0 && len(digits) <= 15 && !strings.ContainsFunc(digits, func(r rune) bool { return r < '0' || r > '9' })
}

func writable(client state.Client, name string) bool {
	if name == "email_verified" || name == "phone_number_verified" || strings.HasPrefix(name, developerOnly) {
		return false
	}
	return len(client.Settings.WriteAttributes) == 0 || slices.Contains(client.Settings.WriteAttributes, name)
}

func readable(client state.Client, name string) bool {
	if name == "sub" || name == "identities" || len(client.Settings.ReadAttributes) == 0 {
		return true
	}
	return slices.Contains(client.Settings.ReadAttributes, name)
}
