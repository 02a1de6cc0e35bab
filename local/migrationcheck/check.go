// Package migrationcheck says what would become of users of an old system if they signed in to a pool that migrates
// them, without a password and without making anybody. poolctl migrate check prints it.
package migrationcheck

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/shared/migration"
	"cognito-triggers/shared/scrub"
)

// Becomes is what a user would become.
type Becomes string

// What users would become, in the order of a summary.
const (
	Migrates      Becomes = "migrates"           // at the first sign-in, unless the password is below the policy
	ResetRequired Becomes = "reset required"     // after a reset of the password: it cannot be taken over
	Unverified    Becomes = "unverified address" // at a sign-in with a good password; it could not be reset
	Conflict      Becomes = "conflict"           // nothing, while a user of the pool has the name or the address
	Refused       Becomes = "refused"            // nothing, by the rules
	Unknown       Becomes = "unknown"            // nothing: the source has no such user
	Failed        Becomes = "not checked"        // the source or the pool did not answer
)

// All lists them.
func All() []Becomes {
	return []Becomes{Migrates, ResetRequired, Unverified, Conflict, Refused, Unknown, Failed}
}

// Result is what one user would become.
type Result struct {
	User    string  `json:"user"`
	Becomes Becomes `json:"becomes"`
	Why     string  `json:"why,omitempty"` // without the user's data
}

// API is the part of a client of the user pools API that a Check needs.
type API interface {
	AdminGetUser(context.Context, *cip.AdminGetUserInput, ...func(*cip.Options)) (*cip.AdminGetUserOutput, error)
	ListUsers(context.Context, *cip.ListUsersInput, ...func(*cip.Options)) (*cip.ListUsersOutput, error)
	DescribeUserPool(context.Context, *cip.DescribeUserPoolInput, ...func(*cip.Options)) (*cip.DescribeUserPoolOutput,
		error)
}

// Check asks the source and the pool about users. It changes nothing.
type Check struct {
	Source migration.Directory
	Rules  migration.Rules
	Pools  API
	PoolID string
	Pause  time.Duration // after each user: sign-ins share the pool's limits

	// names and aliases are the attributes that users of the pool sign in with, instead of their names and besides them.
	names, aliases []string
}

// Run checks the users one after the other and hands each result on. Its error is about the pool as a whole; users who
// cannot be checked are results.
func (c *Check) Run(ctx context.Context, users []string, tell func(Result)) error {
	if err := c.describe(ctx); err != nil {
		return err
	}
	for i, user := range users {
		if i > 0 {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(c.Pause):
			}
		}
		becomes, why := c.one(ctx, user)
		tell(Result{user, becomes, why})
	}
	return nil
}

// describe reads how users of the pool sign in.
func (c *Check) describe(ctx context.Context) error {
	out, err := c.Pools.DescribeUserPool(ctx, &cip.DescribeUserPoolInput{UserPoolId: &c.PoolID})
	if err != nil {
		return fmt.Errorf("describe the user pool: %w", err)
	}
	c.names, c.aliases = nil, nil
	for _, name := range out.UserPool.UsernameAttributes {
		c.names = append(c.names, string(name))
	}
	for _, name := range out.UserPool.AliasAttributes {
		c.aliases = append(c.aliases, string(name))
	}
	return nil
}

func (c *Check) one(ctx context.Context, user string) (Becomes, string) {
	failed := func(err error) (Becomes, string) { return Failed, scrub.ErrorText(err) }
	account, err := c.Source.LookUp(ctx, user)
	switch {
	case errors.Is(err, migration.ErrUnknown):
		return Unknown, "the source has no such user"
	case err != nil:
		return failed(err)
	}
	// Whoever could come without a password has a verified address; the rest is the same for a sign-in.
	d := c.Rules.Forgot(user, account)
	if d.Outcome == migration.Refused && d.Reason != migration.Unverified {
		return Refused, explain(d.Reason)
	}
	conflict, err := c.conflict(ctx, user, c.Rules.Mapping.Apply(account))
	switch {
	case err != nil:
		return failed(err)
	case conflict != "":
		return Conflict, conflict
	case account.ResetRequired && d.Outcome == migration.Refused:
		return Refused, "the password cannot be taken over, and no address is verified"
	case d.Outcome == migration.Refused:
		return Unverified, "signs in with a good password; a forgotten or weak one cannot be reset"
	case account.ResetRequired:
		return ResetRequired, "the source wants another password, or its hash cannot be checked"
	}
	return Migrates, ""
}

func explain(why migration.Reason) string {
	switch why {
	case migration.Disabled:
		return "the account is disabled in the source"
	case migration.SecondFactor:
		return "the source asks for a second factor, which cannot come along; see DROP_SECOND_FACTOR"
	case migration.OtherAddress:
		return "the account's address is not the one that was typed"
	case migration.BadAddress:
		return "the account's e-mail address or phone number is none"
	case migration.NoAttributes:
		return "no attribute is left by ATTRIBUTES"
	}
	return string(why)
}

// conflict says which user of the pool is in the way, or "".
func (c *Check) conflict(ctx context.Context, user string, attributes map[string]string) (string, error) {
	names := []string{user}
	if own := attributes["username"]; own != "" && len(c.aliases) > 0 && own != user {
		names = append(names, own)
	}
	for _, name := range names {
		found, err := c.Pools.AdminGetUser(ctx, &cip.AdminGetUserInput{UserPoolId: &c.PoolID, Username: &name})
		var missing *types.UserNotFoundException
		switch {
		case errors.As(err, &missing):
		case err != nil:
			return "", fmt.Errorf("look for the user in the pool: %w", err)
		case name == user:
			return "the pool has a user who signs in with the name, " + strings.ToLower(string(found.UserStatus)), nil
		default:
			return "the pool has a user with the name that this one would get", nil
		}
	}
	for _, name := range []string{"email", "phone_number", "preferred_username"} {
		owned := slices.Contains(c.names, name) || slices.Contains(c.aliases, name)
		if attributes[name] == "" || !owned {
			continue
		}
		taken, err := c.taken(ctx, name, attributes[name])
		if err != nil || taken {
			return "a user of the pool has the " + strings.ReplaceAll(name, "_", " "), err
		}
	}
	return "", nil
}

// taken reports whether a user of the pool signs in with the value. An alias that is not verified is none.
func (c *Check) taken(ctx context.Context, name, value string) (bool, error) {
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value)
	out, err := c.Pools.ListUsers(ctx, &cip.ListUsersInput{
		UserPoolId: &c.PoolID, Filter: aws.String(name + ` = "` + quoted + `"`), Limit: aws.Int32(60),
	})
	if err != nil {
		return false, fmt.Errorf("look for the address in the pool: %w", err)
	}
	if slices.Contains(c.names, name) || name == "preferred_username" {
		return len(out.Users) > 0, nil
	}
	return slices.ContainsFunc(out.Users, func(u types.UserType) bool {
		return slices.ContainsFunc(u.Attributes, func(a types.AttributeType) bool {
			return aws.ToString(a.Name) == name+"_verified" && aws.ToString(a.Value) == "true"
		})
	}), nil
}
