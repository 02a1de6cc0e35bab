package main

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"

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

func (u user) hide(ctx context.Context) {
	trigger.Hide(ctx, u.Name)
	for _, value := range u.Attributes {
		trigger.Hide(ctx, value)
	}
}

// maxAdminCalls bounds what one event asks of the pool. Cognito limits these operations to 25 and 30 a second for all
// pools of an account, so that more would turn a burst of sign-ins into refusals.
const maxAdminCalls = 4

// maxPages of users are read: Cognito may return a short page, or none, before the end. Two leave the calls that
// looking at the chosen user and linking them take.
const maxPages = 2

var errOutdated = errors.New("the list of users names one who has another address by now")

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
	attributes, folded := e.Request.UserAttributes, id.foldedIn(e.UserName)
	id, refusal := id.confirm(attributes, folded)
	if refusal != (signup.Refusal{}) {
		return refuse(ctx, refusal)
	}
	trigger.Hide(ctx, id.Subject) // the event has it only behind the provider's name, which may hold an underscore itself
	users := &bounded{pool: l.pool, left: maxAdminCalls}
	owner, decision, refusal, err := choose(ctx, users, e.UserPoolID, signup.EmailOf(attributes), id)
	switch {
	case err != nil:
		return err
	case decision == refuseLink:
		return refuse(ctx, refusal)
	case decision == makeLink && id.spellingLost(attributes, folded):
		return refuse(ctx, subjectSpelling)
	case decision == makeLink:
		return makeLinkTo(ctx, users, e.UserPoolID, id, owner)
	}
	return nil
}

// choose decides by the list of users, and again by the chosen user as of now: the list may lag behind a user who was
// disabled or linked meanwhile.
func choose(ctx context.Context, users pool, poolID, email string,
	id identity) (user, decision, signup.Refusal, error) {
	found, err := usersByEmail(ctx, users, poolID, email)
	if err != nil {
		return user{}, refuseLink, signup.Refusal{}, err
	}
	owner, decision, refusal := decide(found, email, id)
	if decision != makeLink {
		return owner, decision, refusal, nil
	}
	now, err := users.User(ctx, poolID, owner.Name)
	if err != nil {
		return user{}, refuseLink, signup.Refusal{}, err
	}
	if !sameAddress(now.Attributes["email"], email) {
		return user{}, refuseLink, signup.Refusal{}, errOutdated
	}
	owner, decision, refusal = judge(now, id)
	return owner, decision, refusal, nil
}

// makeLinkTo links the identity. A call that is delivered at the same time may have made the link already; what Cognito
// answers then is not documented, and its error texts have named reasons for links that exist, so the user is looked at
// instead.
func makeLinkTo(ctx context.Context, users pool, poolID string, id identity, owner user) error {
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
	slog.WarnContext(ctx, "the pool refuses to link an identity: check that the mapped attributes are mutable", "error",
		err)
	return refuse(ctx, cannotLink)
}

// usersByEmail lists the users with the address in any spelling, each once: the service's filter knows nothing of IDNs.
func usersByEmail(ctx context.Context, users pool, poolID, email string) ([]user, error) {
	pending, token := spellings(ctx, email), ""
	var found []user
	for range maxPages {
		page, next, err := users.UsersByEmail(ctx, poolID, pending[0], token)
		if err != nil {
			return nil, err
		}
		for _, u := range page {
			if !slices.ContainsFunc(found, func(other user) bool { return other.Name == u.Name }) {
				found = append(found, u)
			}
		}
		if token = next; next == "" {
			pending = pending[1:]
		}
		if len(pending) == 0 {
			return found, nil
		}
	}
	return nil, errTooManyCalls
}

// spellings lists the address as it came and then its other spellings: one for an IDN, none for other addresses.
func spellings(ctx context.Context, email string) []string {
	list := []string{email}
	if parsed, err := signup.ParseEmail(email); err == nil {
		for _, spelling := range parsed.Spellings() {
			if !strings.EqualFold(spelling, email) {
				list = append(list, spelling)
			}
		}
	}
	trigger.Hide(ctx, list...)
	return list
}

// bounded refuses calls beyond a number. What it learns about users is kept out of the log, into which the text of a
// later call's error may bring it.
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
	users, next, err := b.pool.UsersByEmail(ctx, poolID, email, token)
	for _, u := range users {
		u.hide(ctx)
	}
	return users, next, err
}

func (b *bounded) User(ctx context.Context, poolID, userName string) (user, error) {
	if err := b.spend(); err != nil {
		return user{}, err
	}
	u, err := b.pool.User(ctx, poolID, userName)
	u.hide(ctx)
	return u, err
}

func (b *bounded) Link(ctx context.Context, poolID string, id identity, userName string) error {
	if err := b.spend(); err != nil {
		return err
	}
	return b.pool.Link(ctx, poolID, id, userName)
}
