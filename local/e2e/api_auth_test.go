package e2e

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/userpool/totp"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/profile"
)

func someone() string { return "user-" + strings.ToLower(rand.Text()) + "@example.org" }

// Every row of the API's error table, through HTTP, the compiled function and the local pool.
func TestAPIErrors(t *testing.T) {
	w := startAPI(t, nil)
	taken := someone()
	w.confirmed(taken)
	cases := []struct {
		name   string
		status int
		code   string
		ask    func(t *testing.T) reply
	}{
		{"user exists", 409, "user_exists", func(*testing.T) reply { return w.signUp(taken) }},
		{"password", 400, "invalid_password", func(*testing.T) reply {
			return w.post("sign-up", members{"email": someone(), "password": "short"})
		}},
		{"no address", 400, "invalid_parameter", func(*testing.T) reply { return w.signUp("nobody") }},
		{"attribute too long", 400, "invalid_parameter", func(*testing.T) reply {
			return w.post("sign-up", members{"email": someone(), "password": goodPassword, "name": strings.Repeat("x", 2049)})
		}},
		{"unknown field", 400, "invalid_request", func(*testing.T) reply {
			return w.post("sign-up", members{"email": someone(), "password": goodPassword, "role": "admins"})
		}},
		{"no JSON", 400, "invalid_request", func(*testing.T) reply { return w.post("sign-in", "{") }},
		{"too large", 413, "payload_too_large", func(*testing.T) reply {
			return w.post("sign-in", members{"email": someone(), "password": strings.Repeat("x", 65<<10)})
		}},
		{"wrong code", 400, "code_mismatch", func(t *testing.T) reply {
			email := someone()
			w.signUp(email).want(t, 201, "")
			return w.post("confirm", members{"email": email, "code": wrong(w.code())})
		}},
		{"wrong code for a password", 400, "code_mismatch", func(t *testing.T) reply {
			w.post("forgot-password", members{"email": taken}).want(t, 202, "")
			return w.post("reset-password", members{"email": taken, "code": wrong(w.code()), "new_password": goodPassword})
		}},
		{"wrong password", 401, "unauthorized", func(*testing.T) reply { return w.signIn(taken, "Wrong-horse-7") }},
		{"unknown user", 401, "unauthorized", func(*testing.T) reply { return w.signIn(someone(), goodPassword) }},
		{"no session", 401, "unauthorized", func(*testing.T) reply {
			return w.post("challenge", members{"session": "aW5lcw.nothing", "challenge": "CUSTOM_CHALLENGE", "answers": members{"ANSWER": "1"}})
		}},
		{"no refresh token", 401, "unauthorized", func(*testing.T) reply { return w.post("refresh", members{"refresh_token": "nothing"}) }},
		{"not confirmed", 403, "user_not_confirmed", func(t *testing.T) reply {
			email := someone()
			w.signUp(email).want(t, 201, "")
			return w.signIn(email, goodPassword)
		}},
		{"reset required", 403, "password_reset_required", func(t *testing.T) reply {
			email := someone()
			w.confirmed(email)
			_, err := w.client.AdminResetUserPassword(t.Context(), &cip.AdminResetUserPasswordInput{UserPoolId: &w.pool.ID, Username: &email})
			w.must(err)
			return w.signIn(email, goodPassword)
		}},
		{"wrong passwords", 429, "too_many_requests", func(t *testing.T) reply {
			email := someone()
			w.confirmed(email)
			for range 5 {
				w.signIn(email, "Wrong-horse-7").want(t, 401, "unauthorized")
			}
			return w.signIn(email, goodPassword)
		}},
		{"too many codes", 429, "too_many_requests", func(t *testing.T) reply {
			email := someone()
			for range 5 {
				w.post("resend", members{"email": email}).want(t, 202, "")
			}
			return w.post("resend", members{"email": email})
		}},
		{"trigger refuses", 422, "trigger_refused", func(*testing.T) reply { return w.signUp("user@mailinator.com") }},
		{"attribute of others", 400, "invalid_parameter", func(t *testing.T) reply {
			token := w.signIn(taken, goodPassword).want(t, 200, "").text("AccessToken")
			return w.call(http.MethodPatch, "me", token, members{"custom:tenant": "acme"})
		}},
		// The last: the clock stays where it is then.
		{"expired code", 410, "code_expired", func(t *testing.T) reply {
			email := someone()
			w.signUp(email).want(t, 201, "")
			code := w.code()
			w.pass(25 * time.Hour)
			return w.post("confirm", members{"email": email, "code": code})
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := c.ask(t).want(t, c.status, c.code)
			if got.text("detail") == "" || got.text("instance") == "" {
				t.Errorf("problem %s", got.body)
			}
			if after, err := strconv.Atoi(got.header.Get("Retry-After")); c.status == 429 && (err != nil || after < 1) {
				t.Errorf("Retry-After %q", got.header.Get("Retry-After"))
			}
			if c.status == 422 && (strings.Contains(got.text("detail"), "failed with error") || strings.HasSuffix(got.text("detail"), "..")) {
				t.Errorf("detail %q is not the trigger's text", got.text("detail"))
			}
			if got.header.Get("X-Content-Type-Options") != "nosniff" || got.header.Get("Cache-Control") != "no-store" {
				t.Errorf("headers %v", got.header)
			}
		})
	}
}

// wrong is another code of the same form.
func wrong(code string) string {
	if code[0] == '9' {
		return "0" + code[1:]
	}
	return string(code[0]+1) + code[1:]
}

// What the function cannot help is a 500 with a reference and without detail.
func TestAPIUnforeseen(t *testing.T) {
	w := startAPI(t, map[string]string{"CLIENT_ID": "nosuchclient"})
	got := w.signIn(someone(), goodPassword).want(t, 500, "internal")
	if got.text("detail") != "" || got.text("instance") == "" || strings.Contains(got.body, "nosuchclient") {
		t.Errorf("problem %s", got.body)
	}
	if !strings.Contains(w.auth.logs.String(), "ResourceNotFoundException") {
		t.Errorf("the log does not say what was wrong: %s", w.auth.logs.String())
	}
}

// Whoever guesses gets one and the same answer, but for the request's id.
func TestAPISaysTheSameToStrangers(t *testing.T) {
	for name, settings := range map[string]map[string]string{"plain": nil, "concealed": {"CONCEAL_EXISTING_USERS": "true"}} {
		t.Run(name, func(t *testing.T) {
			w := startAPI(t, settings)
			user, stranger := someone(), someone()
			w.confirmed(user)
			same := func(what string, ask func(email string) reply) {
				t.Helper()
				first, second := ask(user), ask(stranger)
				if a, b := anonymous(first, user), anonymous(second, stranger); a != b {
					t.Errorf("%s: a user gets\n%s\na stranger\n%s", what, a, b)
				}
			}
			same("sign-in", func(email string) reply { return w.signIn(email, "Wrong-horse-7") })
			same("resend", func(email string) reply { return w.post("resend", members{"email": email}) })
			same("forgot-password", func(email string) reply { return w.post("forgot-password", members{"email": email}) })
			same("reset-password", func(email string) reply {
				return w.post("reset-password", members{"email": email, "code": "000000", "new_password": goodPassword})
			})
			same("reset-password, weak", func(email string) reply {
				return w.post("reset-password", members{"email": email, "code": "000000", "new_password": "x"})
			})
			if settings == nil {
				return
			}
			same("sign-up, weak", func(email string) reply { return w.post("sign-up", members{"email": email, "password": "x"}) })
			same("sign-up", w.signUp)
			same("confirm", func(email string) reply { return w.post("confirm", members{"email": email, "code": "x00000"}) })
			same("sign-in, with what was sent at sign-up", func(email string) reply {
				return w.post("sign-in", members{"email": email, "password": goodPassword + map[bool]string{true: "-guess"}[email == user]})
			})
		})
	}
}

// anonymous is an answer without what must differ.
func anonymous(r reply, email string) string {
	body := strings.ReplaceAll(r.body, email, "EMAIL")
	if id := r.text("instance"); id != "" {
		body = strings.ReplaceAll(body, id, "ID")
	}
	return fmt.Sprint(r.status, r.header.Get("Content-Type"), r.header.Get("Retry-After"), body)
}

// One account from its first day to its last.
func TestAPIAccount(t *testing.T) {
	w := startAPI(t, nil)
	email := someone()
	if got := w.signUp(email).want(t, 201, ""); got.text("destination") != "u***@e***" || got.text("medium") != "EMAIL" {
		t.Errorf("answer %s", got.body)
	}
	w.post("resend", members{"email": email}).want(t, 202, "")
	w.post("confirm", members{"email": email, "code": w.code()}).want(t, 200, "")
	tokens := w.signIn(email, goodPassword).want(t, 200, "")
	access, refresh := tokens.text("AccessToken"), tokens.text("RefreshToken")
	if access == "" || refresh == "" || tokens.text("IdToken") == "" || tokens.text("TokenType") != "Bearer" || tokens.json["ExpiresIn"] != 3600.0 {
		t.Fatalf("tokens %v", tokens.json)
	}

	me := w.call(http.MethodGet, "me", access, nil).want(t, 200, "")
	key := profile.Key{UserPoolID: w.pool.ID, Sub: me.text("sub")}
	if me.json["attributes"].(members)["email"] != email || me.json["profile"].(members)["attributes"].(members)["name"] != "Ines Moreau" {
		t.Errorf("me %s", me.body)
	}
	changed := w.call(http.MethodPatch, "me", access, members{"name": "Zoë", "given_name": "Zoë", "locale": ""}).want(t, 200, "")
	if again := w.call(http.MethodGet, "me", access, nil).want(t, 200, ""); again.body != changed.body {
		t.Errorf("PATCH answers\n%s, then GET\n%s", changed.body, again.body)
	}
	if p := stored(t, key); p == nil || p.Attributes["name"] != "Zoë" || p.Attributes["given_name"] != "Zoë" || p.Attributes["locale"] != "" || p.Attributes["email"] != email {
		t.Errorf("profile %+v", p)
	}

	if got := w.post("refresh", members{"refresh_token": refresh}).want(t, 200, ""); got.text("AccessToken") == "" || got.text("IdToken") == "" || got.text("RefreshToken") != "" {
		t.Errorf("refresh %v", got.json)
	}
	for range 2 { // the second time there is nothing left to revoke
		if got := w.post("sign-out", members{"refresh_token": refresh}).want(t, 204, ""); got.body != "" {
			t.Errorf("body %s", got.body)
		}
	}
	w.post("sign-out", members{"refresh_token": access}).want(t, 204, "")
	w.post("refresh", members{"refresh_token": refresh}).want(t, 401, "unauthorized")
	w.call(http.MethodGet, "me", access, nil).want(t, 401, "unauthorized")
	w.call(http.MethodDelete, "me", access, nil).want(t, 401, "unauthorized")
	if stored(t, key) == nil {
		t.Error("a revoked token deleted the profile")
	}

	const next = "Battery-staple-9"
	w.post("forgot-password", members{"email": email}).want(t, 202, "")
	w.post("reset-password", members{"email": email, "code": w.code(), "new_password": next}).want(t, 200, "")
	w.signIn(email, goodPassword).want(t, 401, "unauthorized")
	w.deleted(email, key, w.signIn(email, next).want(t, 200, "").text("AccessToken"))
}

// deleted deletes the account, and again with the same token, and looks at what is left.
func (w *apiWorld) deleted(email string, key profile.Key, access string) {
	t := w.t
	t.Helper()
	for range 2 {
		w.call(http.MethodDelete, "me", access, nil).want(t, 204, "")
	}
	w.call(http.MethodGet, "me", access, nil).want(t, 401, "unauthorized")
	w.signIn(email, goodPassword).want(t, 401, "unauthorized")
	healing := start(t, "pre-token-generation", map[string]string{"PROFILE_TABLE": local.Table})
	healing.invoke(t, event(t, cognito.TokenGenerationAuthentication, "V2_0", person(key.UserPoolID, key.Sub, email)))
	if p, err := local.Profiles.Get(t.Context(), key); !errors.Is(err, profile.ErrDeleted) {
		t.Errorf("profile %+v, error %v, want a tombstone", p, err)
	}
}

func TestAPINewPassword(t *testing.T) {
	w := startAPI(t, nil)
	email, temporary := someone(), "Temporary-horse-7"
	_, err := w.client.AdminCreateUser(t.Context(), &cip.AdminCreateUserInput{
		UserPoolId: &w.pool.ID, Username: &email, TemporaryPassword: &temporary, MessageAction: types.MessageActionTypeSuppress,
		UserAttributes: []types.AttributeType{{Name: aws.String("email"), Value: &email}},
	})
	w.must(err)
	step := w.signIn(email, temporary).want(t, 200, "")
	if step.text("challenge") != "NEW_PASSWORD_REQUIRED" || step.text("session") == "" || step.text("AccessToken") != "" {
		t.Fatalf("answer %s", step.body)
	}
	answer := func(password string) reply {
		return w.post("challenge", members{"session": step.text("session"), "challenge": "NEW_PASSWORD_REQUIRED", "answers": members{"NEW_PASSWORD": password, "userAttributes.name": "Ines Moreau"}})
	}
	answer("short").want(t, 400, "invalid_password")
	access := answer(goodPassword).want(t, 200, "").text("AccessToken")
	me := w.call(http.MethodGet, "me", access, nil).want(t, 200, "")
	if me.json["attributes"].(members)["name"] != "Ines Moreau" || me.json["profile"] == nil {
		t.Errorf("me %s", me.body)
	}
}

func TestAPIOneTimePassword(t *testing.T) {
	w := startAPI(t, nil)
	email := someone()
	w.confirmed(email)
	access := w.signIn(email, goodPassword).want(t, 200, "").text("AccessToken")
	made, err := w.client.AssociateSoftwareToken(t.Context(), &cip.AssociateSoftwareTokenInput{AccessToken: &access})
	w.must(err)
	code := func() string {
		code, err := totp.Code(*made.SecretCode, w.now())
		w.must(err)
		return code
	}
	_, err = w.client.VerifySoftwareToken(t.Context(), &cip.VerifySoftwareTokenInput{AccessToken: &access, UserCode: aws.String(code())})
	w.must(err)
	_, err = w.client.SetUserMFAPreference(t.Context(), &cip.SetUserMFAPreferenceInput{
		AccessToken: &access, SoftwareTokenMfaSettings: &types.SoftwareTokenMfaSettingsType{Enabled: true, PreferredMfa: true},
	})
	w.must(err)
	w.pass(time.Minute) // a code counts once
	step := w.signIn(email, goodPassword).want(t, 200, "")
	answer := func(code string) reply {
		return w.post("challenge", members{"session": step.text("session"), "challenge": "SOFTWARE_TOKEN_MFA", "answers": members{"SOFTWARE_TOKEN_MFA_CODE": code}})
	}
	answer(wrong(code())).want(t, 400, "code_mismatch")
	if got := answer(code()).want(t, 200, ""); got.text("AccessToken") == "" {
		t.Errorf("answer %s", got.body)
	}
}

func TestAPICustomChallenge(t *testing.T) {
	w := startAPI(t, nil)
	user := someone()
	w.confirmed(user)
	for name, email := range map[string]string{"user": user, "stranger": someone()} {
		step := w.post("sign-in", members{"email": email, "flow": "CUSTOM_AUTH"}).want(t, 200, "")
		solve := func(off int) reply {
			var a, b int
			question, _ := step.json["parameters"].(members)["question"].(string)
			if _, err := fmt.Sscanf(question, "%d + %d", &a, &b); err != nil {
				t.Fatalf("question %q in %s: %v", question, step.body, err)
			}
			return w.post("challenge", members{"session": step.text("session"), "challenge": step.text("challenge"), "answers": members{"ANSWER": strconv.Itoa(a + b + off)}})
		}
		step = solve(1).want(t, 200, "") // another try
		got := solve(0)
		if name == "user" && got.text("AccessToken") == "" {
			t.Errorf("answer %s", got.body)
		}
		if name == "stranger" { // goes on as after a wrong answer, until there were too many
			step = got.want(t, 200, "")
			solve(0).want(t, 401, "unauthorized")
		}
	}
}

// A token of the wrong kind never gets to the function.
func TestAPITokens(t *testing.T) {
	w := startAPI(t, nil)
	email := someone()
	w.confirmed(email)
	tokens := w.signIn(email, goodPassword).want(t, 200, "")
	for name, token := range map[string]string{"none": "", "garbage": "garbage", "refresh token": tokens.text("RefreshToken")} {
		if got := w.call(http.MethodGet, "me", token, nil); got.status != 401 {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	if got := w.call(http.MethodDelete, "me", tokens.text("IdToken"), nil); got.status != 401 && got.status != 403 {
		t.Errorf("ID token: %d %s", got.status, got.body)
	}
	var claims struct{ Sub string }
	w.must(json.Unmarshal([]byte(w.call(http.MethodGet, "me", tokens.text("AccessToken"), nil).want(t, 200, "").body), &claims))
	if stored(t, profile.Key{UserPoolID: w.pool.ID, Sub: claims.Sub}) == nil {
		t.Error("the profile is gone")
	}
	w.pass(2 * time.Hour)
	if got := w.call(http.MethodGet, "me", tokens.text("AccessToken"), nil); got.status != 401 {
		t.Errorf("expired: %d %s", got.status, got.body)
	}
}
