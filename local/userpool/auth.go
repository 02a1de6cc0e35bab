package userpool

import (
	"slices"
	"time"

	"cognito-triggers/local/userpool/srp"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/local/userpool/token"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
)

// signIn is one sign-in in the hands of one request.
type signIn struct {
	*call
	pool       state.Pool
	client     state.Client
	user       state.User
	unknown    bool   // there is no such user, and the client must not learn it
	typed      string // the name of that user, as triggers get it
	admin      bool
	custom     bool              // CUSTOM_AUTH
	validation map[string]string // ClientMetadata of InitiateAuth
	metadata   map[string]string // ClientMetadata of RespondToAuthChallenge
	rounds     []state.Round
	secret     string // the TOTP secret of a session
}

// authResult is what InitiateAuth and RespondToAuthChallenge answer: a challenge or tokens.
type authResult struct {
	ChallengeName        string            `json:",omitempty"`
	ChallengeParameters  map[string]string `json:",omitzero"` // empty beside tokens, as AWS sends it
	Session              string            `json:",omitempty"`
	AuthenticationResult *tokens           `json:",omitempty"`
}

// challenge keeps the state of the sign-in and asks the client for the next step.
func (a *signIn) challenge(name string, parameters map[string]string, fill func(*state.Session)) (*authResult, error) {
	s := state.Session{
		Pool: a.pool.ID, Client: a.client.ID, Username: a.name(), Challenge: name, Custom: a.custom, Unknown: a.unknown, Rounds: a.rounds, Secret: a.secret,
		Expires: a.options.Now().Add(a.sessionTime()),
	}
	if fill != nil {
		fill(&s)
	}
	session := newSessionToken()
	if s.SRP != nil { // clients may leave the session out and are known by their secret block
		s.Token = state.HashToken(session)
		a.store.PutSession(s.SRP.SecretBlock, s)
	} else {
		a.store.PutSession(session, s)
	}
	return &authResult{ChallengeName: name, ChallengeParameters: parameters, Session: session}, nil
}

func newSessionToken() string { return "AYABe" + randomText(alphanumeric+"-_", 400) }

func (a *signIn) sessionTime() time.Duration {
	return time.Duration(max(minSession, a.client.Settings.AuthSessionValidity)) * time.Minute
}

// identify finds the user. Of one who does not exist, a discreet client is shown the same as of others.
func (a *signIn) identify(name string) error {
	u, err := a.store.FindUser(a.pool.ID, name)
	if err == nil {
		a.user = u
		return nil
	}
	if !discreet(a.client) {
		return userNotFound()
	}
	a.pretend(name)
	return nil
}

// pretend goes on with a user who does not exist.
func (a *signIn) pretend(name string) {
	a.unknown, a.typed = true, name
	a.user = state.User{Username: a.pretendedName(name), Attributes: map[string]string{}, Status: state.Confirmed}
}

// name is the user's for triggers: what was typed where there is no user.
func (a *signIn) name() string {
	if a.unknown {
		return a.typed
	}
	return a.user.Username
}

// pretendedName is the user name that a user who does not exist would have. It is the same for a name every time, and
// of the form that real ones have where that name signs a user in.
func (a *signIn) pretendedName(name string) string {
	s, name := a.pool.Settings, folded(a.pool, name)
	byEmail := isEmail(name) && slices.Contains(s.AliasAttributes, "email")
	byPhone := isPhone(name) && slices.Contains(s.AliasAttributes, "phone_number")
	if len(s.UsernameAttributes) == 0 && !byEmail && !byPhone || isUUID(name) {
		return name
	}
	seed := a.decoyBytes(a.pool.ID, name)
	return formatUUID([16]byte(seed[:16]))
}

// attributes are the user's for a trigger.
func (a *signIn) attributes() map[string]string {
	if a.unknown {
		return map[string]string{}
	}
	return eventAttributes(a.pool, a.user)
}

// notFound is the flag that triggers get from clients that hide which users exist.
func (a *signIn) notFound() *bool {
	if !discreet(a.client) {
		return nil
	}
	unknown := a.unknown
	return &unknown
}

func (a *signIn) preAuthentication() error {
	validation := a.validation
	if validation == nil {
		validation = map[string]string{}
	}
	request := events.PreAuthenticationRequest{UserAttributes: a.attributes(), ValidationData: validation, UserNotFound: a.notFound()}
	_, err := a.ask(cognito.PreAuthentication, request)
	return err
}

// verifier is what a password is held against; that of a user without one fits no password and takes as long.
func (a *signIn) verifier() srp.Verifier {
	if a.unknown || a.user.Verifier == nil {
		return srp.Decoy(a.decoy, srp.PoolName(a.pool.ID), a.user.Username)
	}
	return *a.user.Verifier
}

func (a *signIn) change(change func(*state.User) error) error {
	u, err := a.store.UpdateUser(a.pool.ID, a.user.Username, false, change)
	if err == nil {
		a.user = u
	}
	return gone(err)
}

// admitted tells why a user who has proved who they are may still not sign in.
func (a *signIn) admitted() error {
	switch {
	case a.unknown:
		return wrongPassword()
	case a.user.Disabled:
		return notAuthorized("User is disabled.")
	case a.user.Status == state.Unconfirmed:
		return &apiError{"UserNotConfirmedException", "User is not confirmed."}
	case a.user.Status == state.ResetRequired:
		return &apiError{"PasswordResetRequiredException", "Password reset required for the user"}
	}
	return nil
}

// proceed goes on once the first factor is right: a new password, a second factor, or tokens.
func (a *signIn) proceed() (*authResult, error) {
	if err := a.admitted(); err != nil {
		return nil, err
	}
	if a.user.Status == state.ForceChangePassword {
		return a.newPasswordRequired()
	}
	return a.secondFactor(cognito.TokenGenerationAuthentication)
}

func (a *signIn) secondFactor(source string) (*authResult, error) {
	mode := a.pool.Settings.MfaConfiguration
	switch {
	case mode != "OFF" && mode != "" && slices.Contains(a.user.MFA, softwareToken):
		return a.challenge(softwareToken, map[string]string{"USER_ID_FOR_SRP": a.user.Username}, nil)
	case mode == "ON":
		return a.challenge("MFA_SETUP", map[string]string{"USER_ID_FOR_SRP": a.user.Username, "MFAS_CAN_SETUP": `["` + softwareToken + `"]`}, nil)
	}
	return a.finish(source)
}

// finish fires post authentication and gives the tokens.
func (a *signIn) finish(source string) (*authResult, error) {
	request := events.PostAuthenticationRequest{UserAttributes: a.attributes(), ClientMetadata: a.metadata}
	if _, err := a.ask(cognito.PostAuthentication, request); err != nil {
		return nil, err
	}
	result, err := a.signedIn(a.pool, a.client, a.user, source, a.metadata)
	if err != nil {
		return nil, err
	}
	return &authResult{ChallengeParameters: map[string]string{}, AuthenticationResult: result}, nil
}

// refresh gives new tokens for a refresh token.
func (a *signIn) refresh(refreshToken, secretHash string, checkHash bool) (*authResult, error) {
	family, current, err := a.store.FamilyOf(refreshToken)
	now := a.options.Now()
	grace := !current && now.Before(family.PreviousUntil)
	switch {
	case err != nil || family.Client != a.client.ID || family.Pool != a.pool.ID:
		return nil, notAuthorized("Invalid Refresh Token.")
	case family.Revoked:
		return nil, notAuthorized("Refresh Token has been revoked")
	case now.After(family.Expires) || !current && !grace:
		return nil, notAuthorized("Refresh Token has expired")
	}
	if a.user, err = a.call.user(a.pool, family.Username); err != nil {
		return nil, notAuthorized("Invalid Refresh Token.")
	}
	if checkHash {
		if err := checkSecret(a.client, secretHash, a.user.Username, a.user.Sub(), a.user.Attributes["email"]); err != nil {
			return nil, err
		}
	}
	if a.user.Disabled {
		return nil, notAuthorized("User is disabled.")
	}
	out, err := a.issue(a.pool, a.client, a.user, family, cognito.TokenGenerationRefreshTokens, a.metadata)
	if err != nil {
		return nil, err
	}
	if rotation := a.client.Settings.RefreshTokenRotation; rotation != nil && rotation.Feature == "ENABLED" && current {
		if out.RefreshToken, err = a.rotate(family, rotation.RetryGracePeriodSeconds); err != nil {
			return nil, err
		}
	}
	return &authResult{AuthenticationResult: out, ChallengeParameters: map[string]string{}}, nil
}

// rotate makes the next refresh token of a family. Of two requests with one token, the second gets none: it is refused, or
// within the grace period treated as one that came after the first.
func (a *signIn) rotate(family state.Family, graceSeconds int) (string, error) {
	next := token.NewRefresh()
	_, err := a.store.UpdateFamily(family.OriginJTI, func(f *state.Family) error {
		now := a.options.Now()
		switch {
		case f.Revoked:
			return notAuthorized("Refresh Token has been revoked")
		case f.Current != family.Current && f.Previous == family.Current && now.Before(f.PreviousUntil):
			next = ""
			return nil
		case f.Current != family.Current:
			return notAuthorized("Refresh Token has expired")
		}
		f.Previous, f.PreviousUntil = f.Current, now.Add(time.Duration(graceSeconds)*time.Second)
		f.Current = state.HashToken(next)
		return nil
	})
	return next, err
}
