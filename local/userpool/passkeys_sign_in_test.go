package userpool

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"reflect"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"cognito-triggers/local/userpool/state"
	"cognito-triggers/local/userpool/webauthn"
	"cognito-triggers/local/userpool/webauthn/authenticator"
)

const passkeyFailed = "Passkey assertion failed."

func TestPasskeySignIn(t *testing.T) {
	t.Parallel()
	for name, algorithm := range map[string]int{"ES256": webauthn.ES256, "RS256": webauthn.RS256} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := startPasskeys(t, nil)
			a, access := newAuthenticator(t, algorithm), d.access("ines")
			d.do("CompleteWebAuthnRegistration", object{"AccessToken": access, "Credential": d.created(a, access)})
			out := d.do("InitiateAuth", withPasskey("ines"))
			if !reflect.DeepEqual(out["AvailableChallenges"], []any{"WEB_AUTHN"}) {
				t.Errorf("available: %v", out["AvailableChallenges"])
			}
			text := at(out, "ChallengeParameters.CREDENTIAL_REQUEST_OPTIONS").(string)
			var options object
			if err := json.Unmarshal([]byte(text), &options); err != nil {
				t.Fatal(err)
			}
			want := object{"challenge": options["challenge"], "rpId": passkeyDomain, "timeout": 60000.0,
				"allowCredentials": []any{object{"id": webauthn.Encode(a.ID), "type": "public-key",
					"transports": []any{"internal"}}}, "userVerification": "preferred"}
			if !reflect.DeepEqual(options, want) {
				t.Errorf("got  %v\nwant %v", options, want)
			}
			got := d.do("RespondToAuthChallenge", proof("ines", out["Session"].(string), d.signed(a, text)))
			if at(got, "AuthenticationResult.AccessToken") == nil || at(got, "AuthenticationResult.RefreshToken") == nil {
				t.Errorf("got %v", got)
			}
			d.do("GetUser", object{"AccessToken": at(got, "AuthenticationResult.AccessToken")})
		})
	}
}

// The other ways to a passkey: by SELECT_CHALLENGE, there with the credential at once, and by the administrator.
func TestPasskeyIsChosen(t *testing.T) {
	t.Parallel()
	d := startPasskeys(t, nil)
	a := d.passkey("ines")
	offer := func() string {
		out := d.do("InitiateAuth", object{"AuthFlow": "USER_AUTH", "AuthParameters": object{"USERNAME": "ines"}})
		if out["ChallengeName"] != "SELECT_CHALLENGE" ||
			!reflect.DeepEqual(out["AvailableChallenges"], []any{"PASSWORD_SRP", "PASSWORD", "WEB_AUTHN"}) {
			t.Errorf("offered: %v", out)
		}
		return out["Session"].(string)
	}
	choose := func(session string, responses object) object {
		return object{"ChallengeName": "SELECT_CHALLENGE", "Session": session,
			"ChallengeResponses": with(object{"USERNAME": "ines", "ANSWER": "WEB_AUTHN"}, responses)}
	}
	wantTokens := func(out object) {
		t.Helper()
		if at(out, "AuthenticationResult.AccessToken") == nil {
			t.Errorf("no tokens: %v", out)
		}
	}
	out := d.do("RespondToAuthChallenge", choose(offer(), nil))
	options := at(out, "ChallengeParameters.CREDENTIAL_REQUEST_OPTIONS").(string)
	wantTokens(d.do("RespondToAuthChallenge", proof("ines", out["Session"].(string), d.signed(a, options))))

	session := offer()
	dropped, options := d.asked("ines")
	credential := d.signed(a, options)
	wantTokens(d.do("RespondToAuthChallenge", choose(session, object{"CREDENTIAL": credential})))
	d.fails("RespondToAuthChallenge", choose(offer(), object{"CREDENTIAL": credential}), "NotAuthorizedException",
		passkeyFailed)
	d.fails("RespondToAuthChallenge", proof("ines", dropped, credential), "NotAuthorizedException", passkeyFailed)

	d.do("UpdateUserPoolClient", object{"ExplicitAuthFlows": []string{"ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH"}})
	out = d.do("AdminInitiateAuth", withPasskey("ines"))
	options = at(out, "ChallengeParameters.CREDENTIAL_REQUEST_OPTIONS").(string)
	wantTokens(d.do("AdminRespondToAuthChallenge", proof("ines", out["Session"].(string), d.signed(a, options))))

	// A credential in InitiateAuth answers no question.
	_, options = d.asked("ines")
	begin := withPasskey("ines")
	begin["AuthParameters"].(object)["CREDENTIAL"] = d.signed(a, options)
	if out := d.do("InitiateAuth", begin); out["ChallengeName"] != "WEB_AUTHN" {
		t.Errorf("got %v", out)
	}
}

// Wrong answers have one error. The session is spent: the right answer does not help any more.
func TestWrongPasskeys(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]spoil{
		"wrong signature":                   func(a *authenticator.Answer) { a.WrongSignature = true },
		"wrong origin":                      func(a *authenticator.Answer) { a.Origin = "https://evil.test" },
		"wrong relying party":               func(a *authenticator.Answer) { a.RelyingParty = "evil.test" },
		"wrong type":                        func(a *authenticator.Answer) { a.Ceremony = "webauthn.create" },
		"crossOrigin":                       func(a *authenticator.Answer) { a.CrossOrigin = true },
		"UP is missing":                     func(a *authenticator.Answer) { a.Flags &^= authenticator.UserPresent },
		"UV is missing, though required":    func(a *authenticator.Answer) { a.Flags &^= authenticator.UserVerified },
		"userHandle of another":             func(a *authenticator.Answer) { a.User = []byte("another") },
		"counter goes back":                 func(a *authenticator.Answer) { a.Counter = 1 },
		"challenge of another sign-in":      func(a *authenticator.Answer) { a.Challenge = "AAAAAAAAAAAAAAAAAAAAAA" },
		"credential that nobody registered": func(a *authenticator.Answer) { a.ID = []byte("another") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := startPasskeys(t, nil)
			d.relyingParty(object{"RelyingPartyId": passkeyDomain, "UserVerification": "required"})
			a := d.passkey("ines")
			session, options := d.asked("ines")
			d.fails("RespondToAuthChallenge", proof("ines", session, d.signed(a, options, spoil)),
				"NotAuthorizedException", passkeyFailed)
			d.fails("RespondToAuthChallenge", proof("ines", session, d.signed(a, options)),
				"NotAuthorizedException", "session can only be used once")
			session, options = d.asked("ines")
			d.do("RespondToAuthChallenge", proof("ines", session, d.signed(a, options)))
		})
	}
	for name, credential := range map[string]string{"text": "x", "an empty object": "{}", "null": "null"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := startPasskeys(t, nil)
			d.passkey("ines")
			session, _ := d.asked("ines")
			d.fails("RespondToAuthChallenge", proof("ines", session, credential), "NotAuthorizedException", passkeyFailed)
		})
	}
}

func TestReplayedPasskeys(t *testing.T) {
	t.Parallel()
	d := startPasskeys(t, nil)
	a := d.passkey("ines")
	session, options := d.asked("ines")
	used := d.signed(a, options)
	d.do("RespondToAuthChallenge", proof("ines", session, used))
	d.fails("RespondToAuthChallenge", proof("ines", session, used), "NotAuthorizedException", "only be used once")
	next, _ := d.asked("ines")
	d.fails("RespondToAuthChallenge", proof("ines", next, used), "NotAuthorizedException", passkeyFailed)

	// Without CREDENTIAL nothing is checked, so the session goes on.
	session, options = d.asked("ines")
	empty := proof("ines", session, "")
	d.fails("RespondToAuthChallenge", empty, "InvalidParameterException", "CREDENTIAL")
	d.do("RespondToAuthChallenge", proof("ines", session, d.signed(a, options)))

	session, options = d.asked("ines")
	d.clock.Advance(3*time.Minute + time.Second)
	d.fails("RespondToAuthChallenge", proof("ines", session, d.signed(a, options)), "NotAuthorizedException",
		"session is expired")

	d.user("omar")
	other := d.passkey("omar")
	session, options = d.asked("ines")
	d.fails("RespondToAuthChallenge", proof("ines", session, d.signed(other, options)), "NotAuthorizedException",
		passkeyFailed)
	session, options = d.asked("ines")
	d.fails("RespondToAuthChallenge", proof("omar", session, d.signed(other, options)), "NotAuthorizedException",
		"Invalid session")
}

// passkeyTries is how many answers to one challenge TestParallelPasskeys sends at once.
const passkeyTries = "PASSKEY_TRIES"

// Of many right answers to one challenge at the same time, one gets tokens, by whichever way they come.
func TestParallelPasskeys(t *testing.T) {
	t.Parallel()
	tries := 50
	if n, err := strconv.Atoi(os.Getenv(passkeyTries)); err == nil {
		tries = n
	}
	d := startPasskeys(t, nil)
	noCounter := func(a *authenticator.Answer) { a.Counter = 0 } // it would refuse the second answer, too
	a := d.passkey("ines", noCounter)
	for name, chosen := range map[string]bool{"one session": false, "a session each": true} {
		t.Run(name, func(t *testing.T) {
			session, options := d.asked("ines")
			credential := d.signed(a, options, noCounter)
			bodies := make([]object, tries)
			for i := range bodies {
				bodies[i] = proof("ines", session, credential)
				if chosen {
					begin := object{"AuthFlow": "USER_AUTH", "AuthParameters": object{"USERNAME": "ines"}}
					bodies[i] = object{"ChallengeName": "SELECT_CHALLENGE", "Session": d.do("InitiateAuth", begin)["Session"],
						"ChallengeResponses": object{"USERNAME": "ines", "ANSWER": "WEB_AUTHN", "CREDENTIAL": credential}}
				}
			}
			answers := make(chan *httptest.ResponseRecorder, tries)
			for _, body := range bodies {
				raw := encode(t, with(body, object{"ClientId": d.client}))
				go func() { answers <- send(d.server, "RespondToAuthChallenge", raw) }()
			}
			right := 0
			for range tries {
				switch answer := <-answers; answer.Code {
				case 200:
					right++
				case 400:
				default:
					t.Errorf("%d %s", answer.Code, answer.Body)
				}
			}
			if right != 1 {
				t.Errorf("%d of %d answers got tokens, want 1", right, tries)
			}
		})
	}
}

// paired is a store that changes users in pairs, once it is told to.
type paired struct {
	state.Store
	on   *atomic.Bool
	came *atomic.Int64
}

// UpdateUser implements state.Store.
func (p paired) UpdateUser(
	pool, username string, aliases state.Aliases, change func(*state.User) error,
) (state.User, error) {
	if p.on.Load() {
		await(p.came, 2)
	}
	return p.Store.UpdateUser(pool, username, aliases, change)
}

// Two answers with one value of the counter are by an authenticator and its copy, also if both have been checked before
// either is stored.
func TestCopiedPasskeysInParallel(t *testing.T) {
	t.Parallel()
	var on atomic.Bool
	d := startPasskeys(t, nil, func(o *Options) { o.Store = paired{state.NewMemory(o.Now), &on, &atomic.Int64{}} })
	a := d.passkey("ines")
	const counter = 7
	var bodies [2][]byte
	for i := range bodies {
		session, options := d.asked("ines")
		credential := d.signed(a, options, func(a *authenticator.Answer) { a.Counter = counter })
		bodies[i] = encode(t, with(proof("ines", session, credential), object{"ClientId": d.client}))
	}
	on.Store(true)
	if n := successes(d.server, "RespondToAuthChallenge", bodies[:]...); n != 1 {
		t.Errorf("%d of two answers got tokens, want 1", n)
	}
}

// Another relying party makes passkeys void: they are listed, and sign nobody in. The old one revives them.
func TestAnotherRelyingPartyVoidsPasskeys(t *testing.T) {
	t.Parallel()
	d := startPasskeys(t, nil)
	a, access := d.passkey("ines"), d.access("ines")
	session, options := d.asked("ines")
	d.relyingParty(object{"RelyingPartyId": "app.example.org"})
	d.fails("RespondToAuthChallenge", proof("ines", session, d.signed(a, options)), "NotAuthorizedException",
		passkeyFailed)
	if out := d.do("InitiateAuth", withPasskey("ines")); out["ChallengeName"] != "SELECT_CHALLENGE" ||
		slices.Contains(out["AvailableChallenges"].([]any), "WEB_AUTHN") {
		t.Errorf("offered %v", out["AvailableChallenges"])
	}
	started := d.do("StartWebAuthnRegistration", object{"AccessToken": access})
	if excluded := at(started, "CredentialCreationOptions.excludeCredentials").([]any); len(excluded) != 0 {
		t.Errorf("excluded: %v", excluded)
	}
	list := d.do("ListWebAuthnCredentials", object{"AccessToken": access})["Credentials"].([]any)
	if len(list) != 1 || list[0].(object)["RelyingPartyId"] != passkeyDomain {
		t.Errorf("listed: %v", list)
	}
	d.relyingParty(object{"RelyingPartyId": passkeyDomain})
	session, options = d.asked("ines")
	d.do("RespondToAuthChallenge", proof("ines", session, d.signed(a, options)))
}

// Who may not sign in cannot with a passkey either, and a deleted passkey does not sign in.
func TestPasskeysOfUsersWhoMayNotSignIn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change     func(d *direct, access string, a *authenticator.Authenticator)
		kind, text string
	}{
		"disabled": {change: func(d *direct, _ string, _ *authenticator.Authenticator) {
			d.do("AdminDisableUser", object{"Username": "ines"})
		}, kind: "NotAuthorizedException", text: "User is disabled."},
		"deleted passkey": {change: func(d *direct, access string, a *authenticator.Authenticator) {
			d.do("DeleteWebAuthnCredential", object{"AccessToken": access, "CredentialId": webauthn.Encode(a.ID)})
		}, kind: "NotAuthorizedException", text: passkeyFailed},
		"temporary password": {change: func(d *direct, _ string, _ *authenticator.Authenticator) {
			d.do("AdminSetUserPassword", object{"Username": "ines", "Password": password})
		}, kind: "NotAuthorizedException", text: passkeyFailed},
		"passkeys are off": {change: func(d *direct, _ string, _ *authenticator.Authenticator) {
			d.do("UpdateUserPool", object{})
		}, kind: "NotAuthorizedException", text: passkeyFailed},
		"deleted user": {change: func(d *direct, _ string, _ *authenticator.Authenticator) {
			d.do("AdminDeleteUser", object{"Username": "ines"})
		}, kind: "NotAuthorizedException", text: "Invalid session for the user."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := startPasskeys(t, nil)
			a, access := d.passkey("ines"), d.access("ines")
			session, options := d.asked("ines")
			c.change(d, access, a)
			d.fails("RespondToAuthChallenge", proof("ines", session, d.signed(a, options)), c.kind, c.text)
		})
	}
}

// Where the client hides who exists, unknown names are asked for a passkey as often as users are, each time the same
// ones, and their answers have the same error.
func TestUnknownUsersPasskeys(t *testing.T) {
	t.Parallel()
	d := startPasskeys(t, nil)
	d.user("omar")
	askedFor := func(name string) bool {
		return d.do("InitiateAuth", withPasskey(name))["ChallengeName"] == "WEB_AUTHN"
	}
	count := func() (n int) {
		for i := range 100 {
			if askedFor(fmt.Sprint("stranger", i)) {
				n++
			}
		}
		return n
	}
	if n := count(); n != 0 || askedFor("omar") {
		t.Errorf("nobody has a passkey, and %d of 100 names have", n)
	}
	a := d.passkey("ines")
	if n := count(); n < 25 || n > 75 {
		t.Errorf("half of the users have passkeys, and %d of 100 names have", n)
	}
	d.passkey("omar")
	if n := count(); n != 100 {
		t.Errorf("all users have passkeys, and %d of 100 names have", n)
	}
	session, options := d.asked("stranger")
	_, again := d.asked("Stranger2")
	if shapeOf(t, options) != shapeOf(t, again) || d.allowed(options) == d.allowed(again) {
		t.Errorf("options %s and %s", options, again)
	}
	if _, same := d.asked("stranger"); d.allowed(same) != d.allowed(options) {
		t.Error("a name has another passkey every time")
	}
	if _, real := d.asked("ines"); shapeOf(t, real) != shapeOf(t, options) {
		t.Errorf("users are asked %s, strangers %s", real, options)
	}
	d.fails("RespondToAuthChallenge", proof("stranger", session, d.signed(a, options,
		func(a *authenticator.Answer) { a.User = nil })), "NotAuthorizedException", passkeyFailed)
	session, options = d.asked("stranger")
	d.fails("RespondToAuthChallenge", proof("stranger", session, d.signed(a, options, func(a *authenticator.Answer) {
		a.ID, a.User = d.allowedID(options), nil
	})), "NotAuthorizedException", passkeyFailed)
}

// allowed returns the ids of the passkeys that options allow, as JSON.
func (d *direct) allowed(options string) string {
	d.t.Helper()
	var asked struct{ AllowCredentials json.RawMessage }
	if err := json.Unmarshal([]byte(options), &asked); err != nil {
		d.t.Fatal(err)
	}
	return string(asked.AllowCredentials)
}

func (d *direct) allowedID(options string) []byte {
	d.t.Helper()
	var asked struct{ AllowCredentials []struct{ ID string } }
	if err := json.Unmarshal([]byte(options), &asked); err != nil || len(asked.AllowCredentials) != 1 {
		d.t.Fatal(options, err)
	}
	return decoded(d.t, asked.AllowCredentials[0].ID)
}

// shapeOf returns options without random values: the lengths of texts.
func shapeOf(t *testing.T, options string) string {
	t.Helper()
	var all any
	if err := json.Unmarshal([]byte(options), &all); err != nil {
		t.Fatal(err)
	}
	var shape func(any) any
	shape = func(v any) any {
		switch v := v.(type) {
		case string:
			return len(v)
		case []any:
			for i := range v {
				v[i] = shape(v[i])
			}
		case map[string]any:
			for name := range v {
				v[name] = shape(v[name])
			}
		}
		return v
	}
	return text(t, shape(all))
}

func decoded(t testing.TB, id string) []byte {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(id)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
