package userpool

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// filter is AWS's syntax: a name, = or ^=, and a quoted value with \" and \\ escaped.
var filter = regexp.MustCompile(`^\s*([A-Za-z_:]+)\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*$`)

var unescape = strings.NewReplacer(`\"`, `"`, `\\`, `\`)

// listUsers serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsers.html
func listUsers(s *Server, input []byte) (any, error) {
	var in struct {
		UserPoolId string
		Filter     string
		Limit      int
	}
	if err := read(input, &in); err != nil {
		return nil, err
	}
	if in.Limit < 0 || in.Limit > 60 {
		return nil, invalid("Limit must be between 0 and 60")
	}
	matches := func(*User) bool { return true }
	if in.Filter != "" {
		parts := filter.FindStringSubmatch(in.Filter)
		if parts == nil || strings.HasPrefix(parts[1], "custom:") {
			return nil, invalid("Error while parsing filter.")
		}
		value := unescape.Replace(parts[3])
		matches = func(u *User) bool { return compare(u.filterValue(parts[1]), parts[2], value) }
	}
	type userType struct {
		Username   string
		Attributes []attribute
		Enabled    bool
		UserStatus string
	}
	users := []userType{}
	for _, name := range slices.Sorted(maps.Keys(s.users)) {
		user := s.users[name]
		if matches(user) && (in.Limit == 0 || len(users) < in.Limit) {
			users = append(users, userType{user.Name, user.attributeList(), !user.Disabled, user.Status})
		}
	}
	return map[string]any{"Users": users}, nil
}

func compare(have, operator, want string) bool {
	have, want = strings.ToLower(have), strings.ToLower(want)
	if operator == "^=" {
		return strings.HasPrefix(have, want)
	}
	return have == want && have != ""
}

func (u *User) filterValue(name string) string {
	switch name {
	case "username":
		return u.Name
	case "cognito:user_status":
		return u.Status
	}
	return u.Attributes[name]
}
