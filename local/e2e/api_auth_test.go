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

// Every row of the API's error table, tested through HTTP, the compiled function and the local pool.
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
		{name: "user exists", status: 409, code: "user_exists", ask: func(*testing.T) reply { return w.signUp(taken) }},
		{name: "password", status: 400, code: "invalid_password", ask: func(*testing.T) reply {
			return w.post("sign-up", members{"email": someone(), "password": "short"})
		}},
		{
			name:   "no address",
			status: 400,
			code:   "invalid_parameter",
			ask:    func(*testing.T) reply { return w.signUp("nobody") },
		},
		{name: "attribute too long", status: 400, code: "invalid_parameter", ask: func(*testing.T) reply {
			return w.post("sign-up", members{"email": someone(), "password": goodPassword, "name": strings.Repeat("x", 2049)})
		}},
		{name: "unknown field", status: 400, code: "invalid_request", ask: func(*testing.T) reply {
			return w.post("sign-up", members{"email": someone(), "password": goodPassword, "role": "admins"})
		}},
		{
			name:   "no JSON",
			status: 400,
			code:   "invalid_request",
			ask:    func(*testing.T) reply { return w.post("sign-in", "{") },
		},
		{name: "too large", status: 413, code: "payload_too_large", ask: func(*testing.T) reply {
			return w.post("sign-in", members{"email": someone(), "password": strings.Repeat("x", 65<<10)})
		}},
		{name: "wrong code", status: 400, code: "code_mismatch", ask: func(t *testing.T) reply {
			email := someone()
			w.signUp(email).want(t, 201, "")
			return w.post("confirm", members{"email": email, "code": wrong(w.code())})
		}},
		{name: "wrong code for a password", status: 400, code: "code_mismatch", ask: func(t *testing.T) reply {
			w.post("forgot-password", members{"email": taken}).want(t, 202, "")
			return w.post("reset-password", members{"email": taken, "code": wrong(w.code()), "new_password": goodPassword})
		}},
		{
			name:   "wrong password",
			status: 401,
			code:   "unauthorized",
			ask:    func(*testing.T) reply { return w.signIn(taken, "Wrong-horse-7") },
		},
		{
			name:   "unknown user",
			status: 401,
			code:   "unauthorized",
			ask:    func(*testing.T) reply { return w.signIn(someone(), goodPassword) },
		},
		{name: "no session", status: 401, code: "unauthorized", ask: func(*testing.T) reply {
			return w.post("challenge", members{
				"session":   "aW5lcw.nothing",
				"challenge": "CUSTOM_CHALLENGE",
				"answers":   members{"ANSWER": "1"},
			})
		}},
		{
			name:   "no refresh token",
			status: 401,
			code:   "unauthorized",
			ask:    func(*testing.T) reply { return w.post("refresh", members{"refresh_token": "nothing"}) },
		},
		{name: "not confirmed", status: 403, code: "user_not_confirmed", ask: func(t *testing.T) reply {
			email := someone()
			w.signUp(email).want(t, 201, "")
			return w.signIn(email, goodPassword)
		}},
		{name: "reset required", status: 403, code: "password_reset_required", ask: func(t *testing.T) reply {
			email := someone()
			w.confirmed(email)
			_, err := w.client.AdminResetUserPassword(t.Context(),
				&cip.AdminResetUserPasswordInput{UserPoolId: &w.pool.ID, Username: &email})
			w.must(err)
			return w.signIn(email, goodPassword)
		}},
		{name: "wrong passwords", status: 429, code: "too_many_requests", ask: func(t *testing.T) reply {
			email := someone()
			w.confirmed(email)
			for range 5 {
				w.signIn(email, "Wrong-horse-7").want(t, 401, "unauthorized")
			}
			return w.signIn(email, goodPassword)
		}},
		{name: "too many codes", status: 429, code: "too_many_requests", ask: func(t *testing.T) reply {
			email := someone()
			for range 5 {
				w.post("resend", members{"email": email}).want(t, 202, "")
			}
			return w.post("resend", members{"email": email})
		}},
		{
			name:   "trigger refuses",
			status: 422,
			code:   "trigger_refused",
			ask:    func(*testing.T) reply { return w.signUp("user@mailinator.com") },
		},
		{name: "attribute of others", status: 400, code: "invalid_parameter", ask: func(t *testing.T) reply {
			token := w.signIn(taken, goodPassword).want(t, 200, "").text("AccessToken")
			return w.call(http.MethodPatch, "me", token, members{"custom:tenant": "acme"})
		}},
		// Last, because it moves the clock.
		{name: "expired code", status: 410, code: "code_expired", ask: func(t *testing.T) reply {
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
			if c.status == 422 && (strings.Contains(got.text("detail"), "failed with error") ||
				strings.HasSuffix(got.text("detail"), "..")) {
				t.Errorf("detail %q is not the trigger's text", got.text("detail"))
			}
			if got.header.Get("X-Content-Type-Options") != "nosniff" || got.header.Get("Cache-Control") != "no-store" {
				t.Errorf("headers %v", got.header)
			}
		})
	}
}

// wrong returns a different code of the same form.
func wrong(code string) string {
	if code[0] == '9' {
		return "0" + code[1:]
	}
	return string(code[0]+1) + code[1:]
}

// An internal failure is a 500 with a reference and without details.
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

// Responses for existing and unknown accounts are identical, apart from the request ID.
func TestAPISaysTheSameToStrangers(t *testing.T) {
	for name, settings := range map[string]map[string]string{
		"plain":     nil,
		"concealed": {"CONCEAL_EXISTING_USERS": "true"},
	} {
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
			same("sign-up, weak", func(email string) reply {
				return w.post("sign-up", members{"email": email, "password": "x"})
			})
			same("sign-up", w.signUp)
			same("confirm", func(email string) reply { return w.post("confirm", members{"email": email, "code": "x00000"}) })
			same("sign-in, with what was sent at sign-up", func(email string) reply {
				return w.post("sign-in", members{
					"email":    email,
					"password": goodPassword + map[bool]string{true: "-guess"}[email == user],
				})
			})
		})
	}
}

// anonymous returns a response without the parts that always differ.
func anonymous(r reply, email string) string {
	body := strings.ReplaceAll(r.body, email, "EMAIL")
	if id := r.text("instance"); id != "" {
		body = strings.ReplaceAll(body, id, "ID")
	}
	return fmt.Sprint(r.status, r.header.Get("Content-Type"), r.header.Get("Retry-After"), body)
}

// One account from sign-up to deletion.
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
	if access == "" || refresh == "" || tokens.text("IdToken") == "" || tokens.text("TokenType") != "Bearer" ||
		tokens.json["ExpiresIn"] != 3600.0 {
		t.Fatalf("tokens %v", tokens.json)
	}

	me := w.call(http.MethodGet, "me", access, nil).want(t, 200, "")
	key := profile.Key{UserPoolID: w.pool.ID, Sub: me.text("sub")}
	if me.json["attributes"].(members)["email"] != email ||
		me.json["profile"].(members)["attributes"].(members)["name"] != "Ines Moreau" {
		t.Errorf("me %s", me.body)
	}
	changed := w.call(http.MethodPatch, "me", access, members{"name": "Zoë", "given_name": "Zoë", "locale": ""}).want(t,
		200, "")
	if again := w.call(http.MethodGet, "me", access, nil).want(t, 200, ""); again.body != changed.body {
		t.Errorf("PATCH returns\n%s, but then GET\n%s", changed.body, again.body)
	}
	if p := stored(t, key); p == nil || p.Attributes["name"] != "Zoë" || p.Attributes["given_name"] != "Zoë" ||
		p.Attributes["locale"] != "" || p.Attributes["email"] != email {
		t.Errorf("profile %+v", p)
	}

	if got := w.post("refresh", members{"refresh_token": refresh}).want(t, 200, ""); got.text("AccessToken") == "" ||
		got.text("IdToken") == "" || got.text("RefreshToken") != "" {
		t.Errorf("refresh %v", got.json)
	}
	for range 2 { // idempotent: the second time there is nothing to revoke
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

// deleted deletes the account, tries again with the same token, and checks what is left.
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
		UserPoolId: &w.pool.ID, Username: &email, TemporaryPassword: &temporary,
		MessageAction:  types.MessageActionTypeSuppress,
		UserAttributes: []types.AttributeType{{Name: aws.String("email"), Value: &email}},
	})
	w.must(err)
	step := w.signIn(email, temporary).want(t, 200, "")
	if step.text("challenge") != "NEW_PASSWORD_REQUIRED" || step.text("session") == "" || step.text("AccessToken") != "" {
		t.Fatalf("answer %s", step.body)
	}
	answer := func(password string) reply {
		return w.post("challenge", members{
			"session":   step.text("session"),
			"challenge": "NEW_PASSWORD_REQUIRED",
			"answers":   members{"NEW_PASSWORD": password, "userAttributes.name": "Ines Moreau"},
		})
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
	_, err = w.client.VerifySoftwareToken(t.Context(),
		&cip.VerifySoftwareTokenInput{AccessToken: &access, UserCode: aws.String(code())})
	w.must(err)
	_, err = w.client.SetUserMFAPreference(t.Context(), &cip.SetUserMFAPreferenceInput{
		AccessToken: &access, SoftwareTokenMfaSettings: &types.SoftwareTokenMfaSettingsType{Enabled: true,
			PreferredMfa: true},
	})
	w.must(err)
	w.pass(time.Minute) // a TOTP code is valid only once
	step := w.signIn(email, goodPassword).want(t, 200, "")
	answer := func(code string) reply {
		return w.post("challenge", members{
			"session":   step.text("session"),
			"challenge": "SOFTWARE_TOKEN_MFA",
			"answers":   members{"SOFTWARE_TOKEN_MFA_CODE": code},
		})
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
			return w.post("challenge", members{
				"session":   step.text("session"),
				"challenge": step.text("challenge"),
				"answers":   members{"ANSWER": strconv.Itoa(a + b + off)},
			})
		}
		step = solve(1).want(t, 200, "") // another try
		got := solve(0)
		if name == "user" && got.text("AccessToken") == "" {
			t.Errorf("answer %s", got.body)
		}
		if name == "stranger" { // continues as after a wrong answer, until there are too many
			step = got.want(t, 200, "")
			solve(0).want(t, 401, "unauthorized")
		}
	}
}

// A token of the wrong kind never reaches the function.
func TestAPITokens(t *testing.T) {
	w := startAPI(t, nil)
	email := someone()
	w.confirmed(email)
	tokens := w.signIn(email, goodPassword).want(t, 200, "")
	for name, token := range map[string]string{
		"none":          "",
		"garbage":       "garbage",
		"refresh token": tokens.text("RefreshToken"),
	} {
		if got := w.call(http.MethodGet, "me", token, nil); got.status != 401 {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	if got := w.call(http.MethodDelete, "me", tokens.text("IdToken"), nil); got.status != 401 && got.status != 403 {
		t.Errorf("ID token: %d %s", got.status, got.body)
	}
	var claims struct{ Sub string }
	w.must(json.Unmarshal([]byte(w.call(http.MethodGet, "me", tokens.text("AccessToken"), nil).want(t, 200, "").body),
		&claims))
	if stored(t, profile.Key{UserPoolID: w.pool.ID, Sub: claims.Sub}) == nil {
		t.Error("the profile is gone")
	}
	w.pass(2 * time.Hour)
	if got := w.call(http.MethodGet, "me", tokens.text("AccessToken"), nil); got.status != 401 {
		t.Errorf("expired: %d %s", got.status, got.body)
	}
}
