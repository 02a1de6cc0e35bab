package userpool

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"cognito-triggers/local/userpool/policy"
	"cognito-triggers/local/userpool/srp"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/shared/cognito"
)

const softwareToken = "SOFTWARE_TOKEN_MFA"

type respondInput struct {
	ClientId           string `v:"required,max=128"`
	ChallengeName      string `v:"required"`
	Session            string
	ChallengeResponses map[string]string
	ClientMetadata     map[string]string
}

type adminRespondInput struct {
	UserPoolId string `v:"required,max=55"`
	respondInput
}

// respondToAuthChallenge serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html
func respondToAuthChallenge(c *call, in *respondInput) (any, error) {
	client, pool, err := c.clientByID(in.ClientId)
	if err != nil {
		return nil, err
	}
	return (&signIn{call: c, pool: pool, client: client, metadata: in.ClientMetadata}).respond(in)
}

// adminRespondToAuthChallenge serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminRespondToAuthChallenge.html
func adminRespondToAuthChallenge(c *call, in *adminRespondInput) (any, error) {
	client, pool, err := c.clientOf(in.UserPoolId, in.ClientId)
	if err != nil {
		return nil, err
	}
	return (&signIn{call: c, pool: pool, client: client, admin: true, metadata: in.ClientMetadata}).respond(&in.respondInput)
}

func (a *signIn) respond(in *respondInput) (any, error) {
	steps := map[string]func(state.Session, map[string]string) (*authResult, error){
		"PASSWORD_VERIFIER": a.verifyPassword, "NEW_PASSWORD_REQUIRED": a.setNewPassword, "CUSTOM_CHALLENGE": a.verifyChallenge,
		softwareToken: a.verifySoftwareToken, "MFA_SETUP": a.finishSetup,
	}
	step := steps[in.ChallengeName]
	if step == nil {
		return nil, invalid("the local user pool does not have the challenge " + in.ChallengeName)
	}
	s, err := a.resume(in)
	if err != nil {
		return nil, err
	}
	out, err := step(s, in.ChallengeResponses)
	if err != nil && s.SRP == nil && retryable(err) && s.Tries < maxAnswers-1 {
		s.Tries++
		a.store.PutSession(in.Session, s)
	}
	return out, err
}

// maxAnswers is how many answers to a challenge a session takes, where a person may have mistyped one.
const maxAnswers = 3

// retryable tells whether the same session may be tried again.
func retryable(err error) bool {
	return slices.Contains([]string{"CodeMismatchException", "InvalidPasswordException", "InvalidParameterException", "PasswordHistoryPolicyViolationException"}, asAPIError(err).kind)
}

// resume takes the session. It is gone then: a client gets a new one with each answer.
func (a *signIn) resume(in *respondInput) (state.Session, error) {
	key := in.Session
	if in.ChallengeName == "PASSWORD_VERIFIER" {
		key = in.ChallengeResponses["PASSWORD_CLAIM_SECRET_BLOCK"]
	}
	s, err := a.store.TakeSession(key)
	switch {
	case err == nil && s.SRP != nil && in.Session != "" && s.Token != state.HashToken(in.Session):
		return s, notAuthorized("Invalid session for the user.")
	case err != nil || s.Client != a.client.ID || s.Pool != a.pool.ID || s.Challenge != in.ChallengeName:
		return s, notAuthorized("Invalid session for the user.")
	case a.options.Now().After(s.Expires):
		return s, notAuthorized("Invalid session for the user, session is expired.")
	}
	a.custom, a.rounds, a.secret = s.Custom, s.Rounds, s.Secret
	given := in.ChallengeResponses["USERNAME"]
	if given == "" {
		return s, invalid("Missing required parameter USERNAME")
	}
	if s.Unknown {
		a.pretend(s.Username)
	} else if a.user, err = a.call.user(a.pool, s.Username); err != nil {
		return s, notAuthorized("Invalid session for the user.")
	}
	if !a.named(given) {
		return s, notAuthorized("Invalid session for the user.")
	}
	return s, checkSecret(a.client, in.ChallengeResponses["SECRET_HASH"], given, a.user.Username)
}

// named tells whether a name means the user of this sign-in.
func (a *signIn) named(name string) bool {
	if strings.EqualFold(name, a.user.Username) {
		return true
	}
	if a.unknown {
		return a.pretendedName(name) == a.user.Username
	}
	other, err := a.store.FindUser(a.pool.ID, name)
	return err == nil && other.Username == a.user.Username
}

func (a *signIn) verifyPassword(s state.Session, p map[string]string) (*authResult, error) {
	for _, name := range []string{"PASSWORD_CLAIM_SECRET_BLOCK", "PASSWORD_CLAIM_SIGNATURE", "TIMESTAMP"} {
		if p[name] == "" {
			return nil, invalid("Missing required parameter " + name)
		}
	}
	var problem error
	if err := a.password(func() bool {
		problem = s.SRP.Verify(p["PASSWORD_CLAIM_SECRET_BLOCK"], p["TIMESTAMP"], p["PASSWORD_CLAIM_SIGNATURE"])
		return problem == nil
	}); err != nil {
		if errors.Is(problem, srp.ErrTimestamp) {
			err = invalid(problem.Error())
		}
		return nil, err
	}
	if !a.custom {
		return a.proceed()
	}
	if err := a.admitted(); err != nil {
		return nil, err
	}
	a.rounds = append(a.rounds, state.Round{Name: "PASSWORD_VERIFIER", Result: true})
	return a.define("")
}

func (a *signIn) newPasswordRequired() (*authResult, error) {
	if until := a.user.TemporaryUntil; !until.IsZero() && a.options.Now().After(until) {
		return nil, notAuthorized("Temporary password has expired and must be reset by an administrator.")
	}
	shown := readableAttributes(a.client, a.user)
	delete(shown, "sub")
	attributes, err := json.Marshal(shown)
	if err != nil {
		return nil, err
	}
	required := []string{}
	for _, attribute := range a.pool.Schema {
		if attribute.Required && a.user.Attributes[attribute.Name] == "" {
			required = append(required, "userAttributes."+attribute.Name)
		}
	}
	names, err := json.Marshal(required)
	if err != nil {
		return nil, err
	}
	return a.challenge("NEW_PASSWORD_REQUIRED", map[string]string{
		"USER_ID_FOR_SRP": a.user.Username, "requiredAttributes": string(names), "userAttributes": string(attributes),
	}, nil)
}

func (a *signIn) setNewPassword(_ state.Session, p map[string]string) (*authResult, error) {
	password := p["NEW_PASSWORD"]
	if password == "" {
		return nil, invalid("Missing required parameter NEW_PASSWORD")
	}
	if err := a.admitted(); err != nil {
		return nil, err
	}
	if err := checkPassword(a.pool, password); err != nil {
		return nil, err
	}
	values := map[string]string{}
	for name, value := range p {
		if attribute, is := strings.CutPrefix(name, "userAttributes."); is {
			values[attribute] = value
		}
	}
	if err := checkSchema(a.pool, &a.client, values, true); err != nil {
		return nil, err
	}
	if err := a.change(func(u *state.User) error {
		setAttributes(u, values)
		for _, attribute := range a.pool.Schema {
			if attribute.Required && u.Attributes[attribute.Name] == "" {
				return invalid("Invalid attributes given, " + attribute.Name + " is missing")
			}
		}
		u.Status, u.Modified, u.TemporaryUntil = state.Confirmed, a.options.Now(), time.Time{}
		return setPassword(a.pool, u, password)
	}); err != nil {
		return nil, err
	}
	return a.secondFactor(cognito.TokenGenerationNewPasswordChallenge)
}

func (a *signIn) verifySoftwareToken(s state.Session, p map[string]string) (*authResult, error) {
	code := p[softwareToken+"_CODE"]
	if code == "" {
		return nil, invalid("Missing required parameter " + softwareToken + "_CODE")
	}
	if err := a.oneTime(func() (fits bool, err error) {
		err = a.change(func(u *state.User) error {
			u.TOTPLast, fits = policy.CheckTOTP(u.TOTPSecret, code, a.options.Now(), u.TOTPLast)
			return nil
		})
		return fits, err
	}); err != nil {
		return nil, err
	}
	if err := a.admitted(); err != nil {
		return nil, err
	}
	return a.finish(cognito.TokenGenerationAuthentication)
}

// finishSetup ends a sign-in that had to set TOTP up; AssociateSoftwareToken and VerifySoftwareToken came between.
func (a *signIn) finishSetup(s state.Session, _ map[string]string) (*authResult, error) {
	if !s.Verified {
		return nil, notAuthorized("Invalid session for the user.")
	}
	if err := a.admitted(); err != nil {
		return nil, err
	}
	return a.finish(cognito.TokenGenerationAuthentication)
}
