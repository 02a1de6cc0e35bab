// Package orphans finds profiles whose user no longer exists in the user pool, and deletes them. Cognito has no trigger
// for a deletion: a user who calls DeleteUser at Cognito itself, or whom an administrator deletes, leaves a profile. It
// works against AWS and the local stack. Only poolctl links it, no function does.
package orphans

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cognito-triggers/shared/profile"
	"cognito-triggers/shared/profile/dynamo"
)

// Finder looks for orphans of one pool in one table.
type Finder struct {
	Pools  *cip.Client
	Tables *dynamodb.Client
	PoolID string
	Table  string

	MinAge time.Duration // younger profiles are left out: ListUsers may not show their users yet
	Pause  time.Duration // between two calls to the pool, whose limits sign-ups and sign-ins share
	Now    func() time.Time
}

// Found is the result of a search.
type Found struct {
	Users    int               // in the pool
	Profiles int               // of the pool, in the table
	Young    int               // profiles without a listed user that are younger than MinAge
	Orphans  []profile.Profile // key, user name and time of creation
}

// ErrNoUsers reports that the pool has no users while the table has profiles of it. That is more likely a wrong
// endpoint or account than a pool that everybody left.
var ErrNoUsers = errors.New("the pool has no users, and the table has profiles of them: is this the right pool, " +
	"with the right endpoint, account and Region?")

// Find lists the pool's users, then the table's profiles, and looks for the user of each profile that is left over. In
// this order a user who signs up in between has a profile that is too young. Every error of a service ends the search;
// only UserNotFoundException means that there is no user.
func (f *Finder) Find(ctx context.Context) (Found, error) {
	var found Found
	users, err := f.users(ctx)
	if err != nil {
		return found, err
	}
	found.Users = len(users)
	var candidates []profile.Profile
	for p, err := range dynamo.List(ctx, f.Tables, f.Table, f.PoolID) {
		if err != nil {
			return found, err
		}
		found.Profiles++
		switch {
		case users[p.Sub]:
		case f.Now().Sub(p.CreatedAt) < f.MinAge:
			found.Young++
		default:
			candidates = append(candidates, p)
		}
	}
	if len(users) == 0 && found.Profiles > 0 {
		return found, ErrNoUsers
	}
	for _, p := range candidates {
		gone, err := f.gone(ctx, p)
		if err != nil {
			return found, err
		}
		if gone {
			found.Orphans = append(found.Orphans, p)
		}
	}
	return found, nil
}

// Delete looks for the profile's user once more, and deletes the profile if there is still none. It leaves a tombstone
// like DELETE /auth/me. It returns false if the user exists after all.
func (f *Finder) Delete(ctx context.Context, p profile.Profile) (bool, error) {
	gone, err := f.gone(ctx, p)
	if err != nil || !gone {
		return false, err
	}
	store := dynamo.New(func() dynamo.API { return f.Tables }, f.Table)
	if err := store.Delete(ctx, p.Key, f.Now(), profile.TombstoneTime); err != nil {
		return false, err
	}
	return true, nil
}

// users lists the subs of all users of the pool.
func (f *Finder) users(ctx context.Context) (map[string]bool, error) {
	subs := map[string]bool{}
	pages := cip.NewListUsersPaginator(f.Pools, &cip.ListUsersInput{
		UserPoolId: &f.PoolID, AttributesToGet: []string{"sub"}, Limit: aws.Int32(60),
	})
	for pages.HasMorePages() {
		if err := f.wait(ctx); err != nil {
			return nil, err
		}
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list users: %w", err)
		}
		for _, user := range page.Users {
			subs[subOf(user.Attributes)] = true
		}
	}
	return subs, nil
}

// gone reports whether the profile's user does not exist. It asks in two ways, because the list of users lags behind
// and a user name may meanwhile belong to somebody else.
func (f *Finder) gone(ctx context.Context, p profile.Profile) (bool, error) {
	if err := f.wait(ctx); err != nil {
		return false, err
	}
	filter := `sub = "` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(p.Sub) + `"`
	listed, err := f.Pools.ListUsers(ctx, &cip.ListUsersInput{UserPoolId: &f.PoolID, Filter: &filter})
	if err != nil {
		return false, fmt.Errorf("list users: %w", err)
	}
	if len(listed.Users) > 0 || listed.PaginationToken != nil { // an empty page need not be the last
		return false, nil
	}
	for _, name := range []string{p.Username, p.Sub} {
		if name == "" {
			continue
		}
		if err := f.wait(ctx); err != nil {
			return false, err
		}
		user, err := f.Pools.AdminGetUser(ctx, &cip.AdminGetUserInput{UserPoolId: &f.PoolID, Username: &name})
		var missing *types.UserNotFoundException
		switch {
		case errors.As(err, &missing):
		case err != nil:
			return false, fmt.Errorf("get user: %w", err)
		case subOf(user.UserAttributes) == p.Sub:
			return false, nil
		}
	}
	return true, nil
}

func (f *Finder) wait(ctx context.Context) error {
	select {
	case <-time.After(f.Pause):
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

func subOf(attributes []types.AttributeType) string {
	for _, attribute := range attributes {
		if aws.ToString(attribute.Name) == "sub" {
			return aws.ToString(attribute.Value)
		}
	}
	return ""
}
