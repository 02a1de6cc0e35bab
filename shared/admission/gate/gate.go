// Package gate applies rules of package admission to sign-ins: it reads what the rules need of the user, and refuses.
// The triggers before a sign-in share it.
package gate

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"cognito-triggers/shared/admission"
	"cognito-triggers/shared/profile"
	"cognito-triggers/shared/trigger"
)

// The counters of the invocation's metrics line.
const (
	SignInsRefused      = "SignInsRefused"      // a rule refused
	SignInsUndecided    = "SignInsUndecided"    // a rule refused because it could not be decided
	RulesPassed         = "RulesPassed"         // a rule that could not be decided let the sign-in pass
	ProfilesUnavailable = "ProfilesUnavailable" // the profile could not be read
	GroupsUnavailable   = "GroupsUnavailable"   // the groups could not be read
)

// Profiles is the part of profile.Store that rules need.
type Profiles interface {
	Get(ctx context.Context, k profile.Key) (profile.Profile, error)
}

// Groups lists the groups of a user of the pool. A user who does not exist has none.
type Groups interface {
	GroupsOf(ctx context.Context, userPoolID, userName string) ([]string, error)
}

// Gate decides on sign-ins. It is safe for concurrent use.
type Gate struct {
	Rules    *admission.Set
	Profiles Profiles // nil if there is no table: then rules about the profile find nothing
	Groups   Groups   // nil: a user's groups are those of the profile
	Now      func() time.Time
}

// SignIn is a sign-in that a trigger is asked about.
type SignIn struct {
	UserPoolID, UserName, ClientID string
	Sub                            string            // "" if the event has none
	ValidationData                 map[string]string // the caller's word
	// Unknown reports that there is no such user, see events.PreAuthenticationRequest. Such a sign-in takes the same path,
	// with the same calls, as that of a user who has neither profile nor groups.
	Unknown bool
}

// readTime limits the calls per event. The rest of Cognito's 5 seconds is for the answer.
const readTime = 3 * time.Second

var errUndecidable = errors.New("a rule about the sign-in cannot be decided, and says to refuse then")

// Check returns nil if the user may sign in, an error made by trigger.Reject with the text of the rule that refuses, or
// another error if a rule cannot be decided and says to refuse then.
func (g *Gate) Check(ctx context.Context, s SignIn) error {
	in := admission.Input{ClientID: s.ClientID, ValidationData: s.ValidationData, Now: g.Now()}
	g.read(ctx, s, &in)
	decision := g.Rules.Evaluate(in)
	for _, name := range decision.Passed {
		trigger.Count(ctx, RulesPassed)
		slog.WarnContext(ctx, "a rule that cannot be decided let the sign-in pass", "rule", name)
	}
	switch {
	case !decision.Refused:
		return nil
	case decision.Undecidable:
		trigger.Count(ctx, SignInsUndecided)
		trigger.Note(ctx, "RefusedBy", decision.Rule)
		return errUndecidable
	}
	trigger.Count(ctx, SignInsRefused)
	trigger.Note(ctx, "RefusedBy", decision.Rule)
	return trigger.Reject(decision.Text)
}

// read reads what the rules that can apply need.
func (g *Gate) read(ctx context.Context, s SignIn, in *admission.Input) {
	needs := g.Rules.NeedsFor(s.ClientID)
	ctx, cancel := context.WithTimeout(ctx, readTime)
	defer cancel()
	if g.Profiles != nil && (needs.Profile || needs.Groups && g.Groups == nil) {
		g.readProfile(ctx, s, in)
	}
	if g.Groups == nil || !needs.Groups {
		return
	}
	found, err := g.Groups.GroupsOf(ctx, s.UserPoolID, s.UserName)
	switch {
	case err != nil:
		in.GroupsUnavailable = true
		trigger.Count(ctx, GroupsUnavailable)
		slog.ErrorContext(ctx, "the user's groups cannot be read", "error", err)
	case !s.Unknown:
		in.Groups = found
	}
}

func (g *Gate) readProfile(ctx context.Context, s SignIn, in *admission.Input) {
	key := profile.Key{UserPoolID: s.UserPoolID, Sub: s.Sub}
	if s.Unknown {
		key.Sub = "unknown#" + s.UserName // no user's, but a read like any other
	}
	if key.UserPoolID == "" || key.Sub == "" {
		in.ProfileUnavailable, in.GroupsUnavailable = true, g.Groups == nil
		trigger.Count(ctx, ProfilesUnavailable)
		slog.WarnContext(ctx,
			"the event does not name the account, so no profile was read: it lacks userPoolId or request.userAttributes.sub")
		return
	}
	found, err := g.Profiles.Get(ctx, key)
	switch {
	case errors.Is(err, profile.ErrNotFound), errors.Is(err, profile.ErrDeleted):
	case err != nil:
		in.ProfileUnavailable, in.GroupsUnavailable = true, g.Groups == nil
		trigger.Count(ctx, ProfilesUnavailable)
		slog.ErrorContext(ctx, "the profile cannot be read", "error", err)
	case !s.Unknown:
		in.Access = found.Access
		if g.Groups == nil {
			in.Groups = found.Access.Groups
		}
	}
}
