package directory

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
)

// filter matches AWS's syntax: a name, = or ^=, and a quoted value in which \" and \\ are escaped.
var filter = regexp.MustCompile(`^\s*([A-Za-z_:]+)\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*$`)

// searchable lists the attributes that a filter can name.
var searchable = []string{
	"username", "email", "phone_number", "name", "given_name", "family_name", "preferred_username",
	"cognito:user_status", "status", "sub",
}

var unescape = strings.NewReplacer(`\"`, `"`, `\\`, `\`)

// ListUsersInput is the input of ListUsers.
type ListUsersInput struct {
	UserPoolId      string `v:"required"`
	AttributesToGet []string
	Filter          string `v:"max=256"`
	Limit           *int
	PaginationToken string
}

// UserList is a page of users.
type UserList struct {
	Users           []UserType
	PaginationToken string `json:",omitempty"`
}

// ListUsers serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsers.html
func (r *Room) ListUsers(_ context.Context, in *ListUsersInput) (*UserList, error) {
	pool, err := r.Pool(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	matches, err := parseFilter(in.Filter)
	if err != nil {
		return nil, err
	}
	var found []state.User
	for _, u := range r.store.Users(pool.ID) {
		if matches(u) {
			found = append(found, u)
		}
	}
	page, next, err := wire.Paginate(found, in.Limit, in.PaginationToken, func(u state.User) string { return u.Username })
	if err != nil {
		return nil, err
	}
	out := &UserList{Users: []UserType{}, PaginationToken: next}
	for _, u := range page {
		shown := UserTypeOf(u)
		if in.AttributesToGet != nil {
			for _, name := range in.AttributesToGet {
				if _, has := u.Attributes[name]; !has { // AWS also fails, once it reaches a user without the attribute
					return nil, fault.New(fault.Invalid, "One or more requested attributes do not exist.")
				}
			}
			shown.Attributes = slices.DeleteFunc(shown.Attributes, func(a wire.Attribute) bool {
				return !slices.Contains(in.AttributesToGet, a.Name)
			})
		}
		out.Users = append(out.Users, shown)
	}
	return out, nil
}

func parseFilter(text string) (matches func(state.User) bool, err error) {
	if text == "" {
		return func(state.User) bool { return true }, nil
	}
	parts := filter.FindStringSubmatch(text)
	if parts == nil || !slices.Contains(searchable, parts[1]) {
		return nil, fault.New(fault.Invalid, "Error while parsing filter.")
	}
	attribute, operator, want := parts[1], parts[2], unescape.Replace(parts[3])
	return func(u state.User) bool { return compare(attribute, filterValue(u, attribute), operator, want) }, nil
}

// compare compares an attribute of a user with the value in a filter. User names and Enabled or Disabled are
// case-sensitive.
func compare(attribute, have, operator, want string) bool {
	if attribute != "username" && attribute != "status" {
		have, want = strings.ToLower(have), strings.ToLower(want)
	}
	if operator == "^=" {
		return strings.HasPrefix(have, want)
	}
	return have == want && have != ""
}

func filterValue(u state.User, name string) string {
	switch name {
	case "username":
		return u.Username
	case "cognito:user_status":
		return u.Status
	case "status":
		if u.Disabled {
			return "Disabled"
		}
		return "Enabled"
	}
	return u.Attributes[name]
}
