// Package poolseed makes the users and groups of a seed file in a local user pool, through the pool's own operations
// for administrators. As on AWS, each new user fires pre sign-up with the source PreSignUp_AdminCreateUser, so a pre
// sign-up trigger that refuses a user refuses the seed; no message is sent and no other trigger fires.
package poolseed

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/google/uuid"

	"cognito-triggers/local/userpool"
	"cognito-triggers/shared/strictjson"
)

// Seed is the content of a seed file.
type Seed struct {
	Groups []Group `json:"groups"`
	Users  []User  `json:"users"`

	path string // for errors
}

// Group is a group to make.
type Group struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	Precedence  *int   `json:"precedence"`
	RoleARN     string `json:"role_arn"`
}

// User is a user to make. Exactly one of Password and TemporaryPassword is given: with the first, the user is confirmed
// and can sign in; with the second, the first sign-in asks for a new password.
type User struct {
	Username          string            `json:"username"`
	Attributes        map[string]string `json:"attributes"`
	Password          string            `json:"password"`
	TemporaryPassword string            `json:"temporary_password"`
	Groups            []string          `json:"groups"`
	Enabled           *bool             `json:"enabled"` // default true
}

// Read reads a seed file. Errors name the file and the member.
func Read(path string) (Seed, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return Seed{}, fmt.Errorf("seed: %w", err)
	}
	s := Seed{path: path}
	if err := strictjson.Unmarshal(text, &s); err != nil {
		return Seed{}, fmt.Errorf("%s: %w", path, err)
	}
	return s, s.check()
}

func (s Seed) check() error {
	groups, users := map[string]int{}, map[string]int{}
	for i, g := range s.Groups {
		if g.Name == "" {
			return s.wrong("groups[%d].name: is missing", i)
		}
		if first, twice := groups[g.Name]; twice {
			return s.wrong("groups[%d].name: groups[%d] has the same name", i, first)
		}
		groups[g.Name] = i
	}
	for i, u := range s.Users {
		if u.Username == "" {
			return s.wrong("users[%d].username: is missing", i)
		}
		if first, twice := users[u.Username]; twice {
			return s.wrong("users[%d].username: users[%d] has the same name", i, first)
		}
		users[u.Username] = i
		if (u.Password == "") == (u.TemporaryPassword == "") {
			return s.wrong("users[%d].password: give either password or temporary_password", i)
		}
		if u.Attributes["sub"] != "" {
			return s.wrong("users[%d].attributes.sub: the pool makes it; it is the same in every run", i)
		}
	}
	return nil
}

// wrong returns an error about a member.
func (s Seed) wrong(format string, args ...any) error {
	return fmt.Errorf("%s: "+format, append([]any{s.path}, args...)...)
}

// Caller calls the operations of a user pool, as userpool.Server does.
type Caller interface {
	Call(ctx context.Context, operation string, in, out any) error
}

// Made counts what Apply made; the rest was there.
type Made struct{ Groups, Users int }

// Apply makes the groups and users that the pool does not have. Those that it has stay as they are; only a user who
// still waits for the permanent password of the file gets it, since an earlier run may have been killed in between.
// Users have the same sub whenever they are made in a pool with this ID.
func (s Seed) Apply(ctx context.Context, pool Caller, id string) (made Made, err error) {
	for i, g := range s.Groups {
		in := object{"UserPoolId": id, "GroupName": g.Name}
		in.set("Description", g.Description)
		in.set("RoleArn", g.RoleARN)
		if g.Precedence != nil {
			in["Precedence"] = *g.Precedence
		}
		switch err := pool.Call(ctx, "CreateGroup", in, nil); {
		case err == nil:
			made.Groups++
		case !is(err, "GroupExistsException"):
			return made, s.wrong("groups[%d]: %w", i, err)
		}
	}
	for i, u := range s.Users {
		isNew, err := s.user(ctx, pool, id, i, u)
		if err != nil {
			return made, err
		}
		if isNew {
			made.Users++
		}
	}
	return made, nil
}

// object is the input of an operation.
type object map[string]any

// set sets a member unless the text is empty.
func (o object) set(name, text string) {
	if text != "" {
		o[name] = text
	}
}

// user makes one user. The permanent password comes last: until then, the user's status shows that something is
// missing.
func (s Seed) user(ctx context.Context, pool Caller, id string, i int, u User) (isNew bool, err error) {
	key := object{"UserPoolId": id, "Username": u.Username}
	var there struct{ UserStatus string }
	err = pool.Call(ctx, "AdminGetUser", key, &there)
	switch {
	case is(err, "UserNotFoundException"):
		isNew = true
		if err := s.create(ctx, pool, id, i, u); err != nil {
			return false, err
		}
	case err != nil:
		return false, s.wrong("users[%d].username: %w", i, err)
	case there.UserStatus != "FORCE_CHANGE_PASSWORD" || u.Password == "":
		return false, nil
	}
	for n, group := range u.Groups {
		in := object{"UserPoolId": id, "Username": u.Username, "GroupName": group}
		if err := pool.Call(ctx, "AdminAddUserToGroup", in, nil); err != nil {
			return isNew, s.wrong("users[%d].groups[%d]: %w", i, n, err)
		}
	}
	if u.Enabled != nil && !*u.Enabled {
		if err := pool.Call(ctx, "AdminDisableUser", key, nil); err != nil {
			return isNew, s.wrong("users[%d].enabled: %w", i, err)
		}
	}
	if u.Password == "" {
		return isNew, nil
	}
	in := object{"UserPoolId": id, "Username": u.Username, "Password": u.Password, "Permanent": true}
	if err := pool.Call(ctx, "AdminSetUserPassword", in, nil); err != nil {
		return isNew, s.wrong("users[%d].password: %w", i, err)
	}
	return isNew, nil
}

func (s Seed) create(ctx context.Context, pool Caller, id string, i int, u User) error {
	attributes := []object{}
	for _, name := range slices.Sorted(maps.Keys(u.Attributes)) {
		attributes = append(attributes, object{"Name": name, "Value": u.Attributes[name]})
	}
	in := object{
		"UserPoolId": id, "Username": u.Username, "UserAttributes": attributes, "MessageAction": "SUPPRESS",
	}
	in.set("TemporaryPassword", u.TemporaryPassword)
	sub := uuid.NewSHA1(uuid.NameSpaceURL, []byte(id+"/"+u.Username)).String()
	switch err := pool.Call(userpool.WithSub(ctx, sub), "AdminCreateUser", in, nil); {
	case is(err, "InvalidPasswordException"):
		return s.wrong("users[%d].temporary_password: %w", i, err)
	case is(err, "InvalidParameterException") && len(attributes) > 0:
		return s.wrong("users[%d].attributes: %w", i, err)
	case err != nil:
		return s.wrong("users[%d]: %w", i, err)
	}
	return nil
}

// is reports whether the pool answered with an error of AWS.
func is(err error, code string) bool {
	var api *userpool.APIError
	return errors.As(err, &api) && api.Code == code
}
