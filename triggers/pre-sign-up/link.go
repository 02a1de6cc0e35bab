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

// pool is the part of the user pool's API that linking uses. Its operations invoke no trigger, so this function cannot
// call itself.
type pool interface {
	// UsersByEmail returns a page of the users with exactly that address, and the token of the next page, "" on the last.
	// The list may lag behind.
	UsersByEmail(ctx context.Context, poolID, email, token string) (users []user, next string, err error)
	// User returns the current state of one user. In pools with e-mail addresses as aliases, a verified address is a name
	// of its owner, too. Error: errNoUser.
	User(ctx context.Context, poolID, userName string) (user, error)
	// Link links the identity to the user, so that its sign-ins are the user's. Errors: errConflict, if the service
	// refuses this link, and errFull.
	Link(ctx context.Context, poolID string, id identity, userName string) error
}

// Errors of the pool.
var (
	errNoUser   = errors.New("the user does not exist")
	errConflict = errors.New("the identity cannot be linked")
	errFull     = errors.New("the user has the maximum number of identities")
)

// user is what the decision needs to know about a user.
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

// maxAdminCalls limits the calls to the pool per event. Cognito limits these operations to 25 and 30 per second for all
// pools of an account, so more calls would turn a burst of sign-ins into refusals.
const maxAdminCalls = 5

// maxPages is the number of pages to read: Cognito may return a short or empty page before the last. Two pages leave
// the calls for finding or reading the chosen user and linking them.
const maxPages = 2

var errOutdated = errors.New("a listed user has another address by now")

var errTooManyCalls = errors.New("linking needs more calls to the user pool than an event may make")

// linker links federated users to their existing accounts.
type linker struct {
	providers []string
	pool      pool
}

// link lets the sign-in go on if there is nothing to link or the link is made, and refuses everything unclear. Any
// other error means that the pool did not answer. Then the sign-in must fail, too, because it would create a second,
// permanent account.
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
	trigger.Hide(ctx, id.Subject) // in the event it is only part of the user name, whose prefix may contain an underscore
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

// choose decides by the list of users, and again by the current state of the chosen user, because the list may lag
// behind.
//
// Anybody can fill the list with accounts that have the address unverified. That must not keep the owner out, so then
// the owner is looked up by the address as an alias, and without an owner the sign-in goes on.
func choose(ctx context.Context, users pool, poolID, email string,
	id identity) (user, decision, signup.Refusal, error) {
	found, whole, err := usersByEmail(ctx, users, poolID, email)
	if err != nil {
		return user{}, refuseLink, signup.Refusal{}, err
	}
	if !whole {
		owner, known, err := ownerByAlias(ctx, users, poolID, email)
		if err != nil {
			return user{}, refuseLink, signup.Refusal{}, err
		}
		if known {
			owner, decision, refusal := judge(owner, id)
			return owner, decision, refusal, nil
		}
		if !slices.ContainsFunc(found, user.owns) {
			trigger.Count(ctx, "LinkSearchesCutOff")
			slog.WarnContext(ctx, "more users have the address than an event may read, and none of those read owns it: "+
				"the federated user gets an account of its own")
			return user{}, goOn, signup.Refusal{}, nil
		}
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

// makeLinkTo links the identity. A parallel delivery may already have made the link. Cognito's answer to that is not
// documented, and its error texts do not tell reliably, so makeLinkTo reads the user instead.
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

// ownerByAlias returns the user who has the address as an alias, which Cognito gives to one user only and who has
// verified it. known is false if there is none, also because the pool has no such aliases.
func ownerByAlias(ctx context.Context, users pool, poolID, email string) (owner user, known bool, err error) {
	for _, spelling := range spellings(ctx, email) {
		u, err := users.User(ctx, poolID, spelling)
		switch {
		case errors.Is(err, errNoUser):
		case err != nil:
			return user{}, false, err
		case !strings.EqualFold(u.Name, spelling) && sameAddress(u.Attributes["email"], email) && u.owns():
			return u, true, nil
		}
	}
	return user{}, false, nil
}

// usersByEmail lists the users with the address in any spelling, each once: Cognito's filter does not know IDNs. whole
// is false if there are more pages than an event may read.
func usersByEmail(ctx context.Context, users pool, poolID, email string) (found []user, whole bool, err error) {
	pending, token := spellings(ctx, email), ""
	for range maxPages {
		page, next, err := users.UsersByEmail(ctx, poolID, pending[0], token)
		if err != nil {
			return nil, false, err
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
			return found, true, nil
		}
	}
	return found, false, nil
}

// spellings lists the original address and its other spelling, which only an IDN has.
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

// bounded limits the number of calls. It hides what it learns about users from the log, because a later call's error
// may contain it.
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
