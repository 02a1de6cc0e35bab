package userpool

import (
	"encoding/base64"
	"regexp"
	"slices"
	"strings"

	"cognito-triggers/local/userpool/state"
)

// filter is AWS's syntax: a name, = or ^=, and a quoted value with \" and \\ escaped.
var filter = regexp.MustCompile(`^\s*([A-Za-z_:]+)\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*$`)

// searchable are the attributes that a filter can name.
var searchable = []string{
	"username", "email", "phone_number", "name", "given_name", "family_name", "preferred_username", "cognito:user_status", "status", "sub",
}

var unescape = strings.NewReplacer(`\"`, `"`, `\\`, `\`)

const maxPage = 60

type listUsersInput struct {
	UserPoolId      string `v:"required"`
	AttributesToGet []string
	Filter          string `v:"max=256"`
	Limit           *int
	PaginationToken string
}

// listUsers serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsers.html
func listUsers(c *call, in *listUsersInput) (any, error) {
	pool, err := c.poolByID(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	matches := func(state.User) bool { return true }
	if in.Filter != "" {
		parts := filter.FindStringSubmatch(in.Filter)
		if parts == nil || !slices.Contains(searchable, parts[1]) {
			return nil, invalid("Error while parsing filter.")
		}
		value := unescape.Replace(parts[3])
		matches = func(u state.User) bool { return compare(parts[1], filterValue(u, parts[1]), parts[2], value) }
	}
	var found []state.User
	for _, u := range c.store.Users(pool.ID) {
		if matches(u) {
			found = append(found, u)
		}
	}
	page, next, err := paginate(found, in.Limit, in.PaginationToken, func(u state.User) string { return u.Username })
	if err != nil {
		return nil, err
	}
	users := []userType{}
	for _, u := range page {
		shown := userTypeOf(u)
		if in.AttributesToGet != nil {
			for _, name := range in.AttributesToGet {
				if _, has := u.Attributes[name]; !has { // an error on AWS, too, which bites when the first such user comes
					return nil, invalid("One or more requested attributes do not exist.")
				}
			}
			shown.Attributes = slices.DeleteFunc(shown.Attributes, func(a attribute) bool { return !slices.Contains(in.AttributesToGet, a.Name) })
		}
		users = append(users, shown)
	}
	return paged(map[string]any{"Users": users}, "PaginationToken", next), nil
}

// paginate cuts a sorted list. The token names the last entry of the page before.
func paginate[T any](list []T, limit *int, token string, key func(T) string) (page []T, next string, err error) {
	size := maxPage
	if limit != nil {
		if *limit < 0 || *limit > maxPage {
			return nil, "", invalid("1 validation error detected: Value at 'limit' failed to satisfy constraint: Member must have value between 0 and 60")
		}
		if *limit > 0 {
			size = *limit
		}
	}
	if token != "" {
		last, err := base64.RawURLEncoding.DecodeString(token)
		i := slices.IndexFunc(list, func(entry T) bool { return key(entry) == string(last) })
		if err != nil || i < 0 {
			return nil, "", invalid("Invalid pagination token.")
		}
		list = list[i+1:]
	}
	if len(list) <= size {
		return list, "", nil
	}
	return list[:size], base64.RawURLEncoding.EncodeToString([]byte(key(list[size-1]))), nil
}

func paged(out map[string]any, name, next string) map[string]any {
	if next != "" {
		out[name] = next
	}
	return out
}

// compare holds a user's value of an attribute against that of a filter. Names and Enabled or Disabled are case-sensitive.
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
