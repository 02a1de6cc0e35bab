package main

import (
	"context"
	"errors"
	"log/slog"

	"cognito-triggers/shared/events"
	"cognito-triggers/shared/signup"
	"cognito-triggers/shared/trigger"
)

// pool is the part of the user pool's API that linking uses. None of its operations invokes a trigger, so that this
// function cannot call itself.
type pool interface {
	// UsersByEmail lists a page of the users with exactly that address; next is the token of the page that follows, "" at
	// the end. The list may lag behind by moments.
	UsersByEmail(ctx context.Context, poolID, email, token string) (users []user, next string, err error)
	// User returns one user as of now.
	User(ctx context.Context, poolID, userName string) (user, error)
	// Link makes sign-ins of the identity sign-ins of the user. errConflict: the service objects to this link.
	Link(ctx context.Context, poolID string, id identity, userName string) error
}

// The errors of Link that say more than that the call failed.
var (
	errConflict = errors.New("the identity cannot be linked as things are")
	errFull     = errors.New("the user has as many identities as can be")
)

// user is what the decision needs to know of a user.
type user struct {
	Name       string
	Status     string
	Enabled    bool
	Attributes events.Attributes
}

// maxAdminCalls bounds what one event asks of the pool. Cognito limits these operations to 25 and 30 a second for all
// pools of an account, so that more would turn a burst of sign-ins into refusals.
const maxAdminCalls = 3

// maxPages of users are read: Cognito may return a short page, or none, before the end.
const maxPages = 2

var errTooManyCalls = errors.New("linking needs more calls to the user pool than an event may make")

// linker links federated users to the accounts that they already have.
type linker struct {
	providers []string
	pool      pool
}

// link lets the sign-in go on where there is nothing to link or the link is made, and refuses whatever is unclear. An
// error that is no refusal means that the pool could not be asked; letting the user in would make a second account that
// stays.
func (l linker) link(ctx context.Context, e *events.PreSignUpEvent) error {
	id, listed := identify(l.providers, e.UserName)
	if !listed {
		return nil
	}
	attributes := e.Request.UserAttributes
	id, refusal := id.confirm(attributes)
	if refusal != (signup.Refusal{}) {
		return refuse(ctx, refusal)
	}
	users := &bounded{pool: l.pool, left: maxAdminCalls}
	email := signup.EmailOf(attributes)
	found, err := usersByEmail(ctx, users, e.UserPoolID, email)
	if err != nil {
		return err
	}
	owner, decision, refusal := decide(found, email, id)
	switch decision {
	case refuseLink:
		return refuse(ctx, refusal)
	case makeLink:
		return l.make(ctx, users, e.UserPoolID, id, owner)
	}
	return nil
}

// make links the identity. A call that is delivered again finds the link made already; what Cognito answers then is not
// documented, and its error texts have named reasons for links that exist, so the user is looked at instead.
func (l linker) make(ctx context.Context, users pool, poolID string, id identity, owner user) error {
	err := users.Link(ctx, poolID, id, owner.Name)
	switch {
	case err == nil:
		trigger.Count(ctx, "IdentitiesLinked")
		return nil
	case errors.Is(err, errFull):
		return refuse(ctx, tooManyIdentities)
	case !errors.Is(err, errConflict):
		return err
	}
	now, lookErr := users.User(ctx, poolID, owner.Name)
	if lookErr != nil {
		return errors.Join(err, lookErr)
	}
	if linked, lookErr := id.linkedTo(now); lookErr == nil && linked {
		return nil
	}
	slog.WarnContext(ctx, "the pool refuses to link an identity: check that the mapped attributes are mutable", "error", err)
	return refuse(ctx, cannotLink)
}

func usersByEmail(ctx context.Context, users pool, poolID, email string) ([]user, error) {
	var found []user
	token := ""
	for range maxPages {
		page, next, err := users.UsersByEmail(ctx, poolID, email, token)
		if err != nil {
			return nil, err
		}
		found = append(found, page...)
		if next == "" {
			return found, nil
		}
		token = next
	}
	return nil, errTooManyCalls
}

// bounded refuses calls beyond a number.
type bounded struct {
	pool
	left int
}

func (b *bounded) spend() error {
	if b.left == 0 {
		return errTooManyCalls
	}
	b.left--
	return nil
}

func (b *bounded) UsersByEmail(ctx context.Context, poolID, email, token string) ([]user, string, error) {
	if err := b.spend(); err != nil {
		return nil, "", err
	}
	return b.pool.UsersByEmail(ctx, poolID, email, token)
}

func (b *bounded) User(ctx context.Context, poolID, userName string) (user, error) {
	if err := b.spend(); err != nil {
		return user{}, err
	}
	return b.pool.User(ctx, poolID, userName)
}

func (b *bounded) Link(ctx context.Context, poolID string, id identity, userName string) error {
	if err := b.spend(); err != nil {
		return err
	}
	return b.pool.Link(ctx, poolID, id, userName)
}
