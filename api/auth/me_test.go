package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/shared/api"
	"cognito-triggers/shared/api/apitest"
	"cognito-triggers/shared/profile"
)

var key = profile.Key{UserPoolID: poolID, Sub: sub}

func userIs(attributes map[string]string) *cip.GetUserOutput {
	out := &cip.GetUserOutput{Username: aws.String(sub)}
	for name, value := range attributes {
		out.UserAttributes = append(out.UserAttributes, types.AttributeType{Name: &name, Value: &value})
	}
	return out
}

func (w *world) hasProfile(t *testing.T, attributes map[string]string) {
	t.Helper()
	at := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	p := profile.Profile{
		Key:              key,
		Username:         sub,
		Attributes:       attributes,
		CreatedAt:        at,
		UpdatedAt:        at,
		SchemaVersion:    1,
		CreatedBy:        "PostConfirmation_ConfirmSignUp",
		WelcomeClaimedAt: at,
	}
	if made, err := w.profiles.Create(t.Context(), p); !made || err != nil {
		t.Fatalf("profile: %v, %v", made, err)
	}
}

var signedInUser = apitest.User(sub)

func TestMe(t *testing.T) {
	user := userIs(map[string]string{"email": ines})
	const alone = `{"sub":"` + sub + `","username":"` + sub + `","attributes":{"email":"ines@example.org"},"profile":null}`
	cases := map[string]struct {
		prepare func(t *testing.T, w *world)
		want    string
	}{
		"with a profile": {prepare: func(t *testing.T, w *world) { w.hasProfile(t, map[string]string{"plan": "gold"}) },
			want: alone[:len(alone)-len("null}")] +
				`{"attributes":{"plan":"gold"},"created_at":"2026-03-04T05:06:07Z","updated_at":"2026-03-04T05:06:07Z"}}`},
		"before the first sign-in": {prepare: func(*testing.T, *world) {}, want: alone},
		"beside a tombstone": {prepare: func(t *testing.T, w *world) {
			if err := w.profiles.Delete(t.Context(), key, time.Now(), time.Hour); err != nil {
				t.Fatal(err)
			}
		}, want: alone},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := start(t, map[string]any{"GetUser": user})
			c.prepare(t, w)
			if got := w.Call(t, "GET /auth/me", signedInUser, apitest.Token("the-token")).Want(t, 200); got.Body != c.want {
				t.Errorf("body\n%s, want\n%s", got.Body, c.want)
			}
			if in := input[cip.GetUserInput](t, w.pool, "GetUser"); *in.AccessToken != "the-token" {
				t.Errorf("token %s", *in.AccessToken)
			}
		})
	}
}

func TestUpdateMe(t *testing.T) {
	before := map[string]string{"email": ines, "name": "Ines", "locale": "fr", "plan": "gold"}
	cases := map[string]struct {
		body          object
		settings      map[string]string
		sent, profile map[string]string
	}{
		"one": {
			body:    object{"name": "Inès"},
			sent:    map[string]string{"name": "Inès"},
			profile: map[string]string{"email": ines, "name": "Inès", "locale": "fr", "plan": "gold"},
		},
		"all": {
			body: object{"name": "I", "given_name": "G", "family_name": "F", "locale": "ko"},
			sent: map[string]string{"name": "I", "given_name": "G", "family_name": "F", "locale": "ko"},
			profile: map[string]string{
				"email":       ines,
				"name":        "I",
				"given_name":  "G",
				"family_name": "F",
				"locale":      "ko",
				"plan":        "gold",
			},
		},
		"removed": {
			body:    object{"locale": ""},
			sent:    map[string]string{"locale": ""},
			profile: map[string]string{"email": ines, "name": "Ines", "plan": "gold"},
		},
		"not in profiles": {
			body:     object{"name": "I"},
			settings: map[string]string{profile.AttributesSetting: "email"},
			sent:     map[string]string{"name": "I"},
			profile:  before,
		},
		"some in them": {
			body:     object{"name": "I", "locale": "ko"},
			settings: map[string]string{profile.AttributesSetting: "locale"},
			sent:     map[string]string{"name": "I", "locale": "ko"},
			profile:  map[string]string{"email": ines, "name": "Ines", "locale": "ko", "plan": "gold"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := start(t, map[string]any{
				"GetUser": userIs(map[string]string{"email": ines, "name": "of before", "locale": "of before"}),
			}, c.settings)
			w.hasProfile(t, before)
			var got account
			w.Call(t, "PATCH /auth/me", signedInUser, apitest.Token("the-token"), apitest.Body(c.body)).Want(t, 200).Decode(t,
				&got)
			in := input[cip.UpdateUserAttributesInput](t, w.pool, "UpdateUserAttributes")
			sent := map[string]string{}
			for _, a := range in.UserAttributes {
				sent[*a.Name] = *a.Value
			}
			if !maps.Equal(sent, c.sent) || *in.AccessToken != "the-token" {
				t.Errorf("sent %v with %s, want %v", sent, *in.AccessToken, c.sent)
			}
			p, err := w.profiles.Get(t.Context(), key)
			if err != nil || !maps.Equal(p.Attributes, c.profile) || got.Profile == nil ||
				!maps.Equal(got.Profile.Attributes, c.profile) {
				t.Errorf("profile %v, answer %+v, want %v; %v", p.Attributes, got.Profile, c.profile, err)
			}
			for name, value := range c.sent {
				if shown, there := got.Attributes[name]; shown != value || there != (value != "") {
					t.Errorf("the answer has %s %q (%v), want %q", name, shown, there, value)
				}
			}
		})
	}
}

func TestUpdateMeWithoutProfile(t *testing.T) {
	w := start(t, map[string]any{"GetUser": userIs(nil)})
	var got account
	w.Call(t, "PATCH /auth/me", signedInUser, apitest.Body(object{"name": "I"})).Want(t, 200).Decode(t, &got)
	if got.Profile != nil || got.Attributes["name"] != "I" {
		t.Errorf("answer %+v", got)
	}
	if p, err := w.profiles.Get(t.Context(), key); !errors.Is(err, profile.ErrNotFound) {
		t.Errorf("profile %+v, %v: the first sign-in makes it, whole", p, err)
	}
}

func TestUpdateMeRefuses(t *testing.T) {
	for name, body := range map[string]string{
		"role": `{"custom:role":"admin"}`, "plan": `{"plan":"gold"}`, "verified": `{"email_verified":"true"}`,
		"address": `{"email":"else@example.org"}`,
		"sub":     `{"sub":"else"}`, "null": `{"name":null}`, "nothing": `{}`,
		"one of two": `{"name":"I","custom:tenant":"acme"}`, "other case": `{"Name":"I"}`,
	} {
		t.Run(name, func(t *testing.T) {
			w := start(t, nil)
			w.Call(t, "PATCH /auth/me", signedInUser, apitest.RawBody(body)).WantProblem(t, 400, api.CodeInvalidParameter)
			if got := w.pool.called(); got != "" {
				t.Errorf("Cognito was asked: %s", got)
			}
		})
	}
	for name, body := range map[string]string{
		"long": `{"` + strings.Repeat("가", 20_000) + `":"x"}`,
		"many": manyNames(t),
	} {
		t.Run(name, func(t *testing.T) {
			got := start(t, nil).Call(t, "PATCH /auth/me", signedInUser, apitest.RawBody(body))
			got.WantProblem(t, 400, api.CodeInvalidParameter)
			if len(got.Body) > 2_000 {
				t.Errorf("an answer of %d bytes", len(got.Body))
			}
		})
	}
	for name, body := range map[string]string{
		"list":   `[]`,
		"number": `{"name":1}`,
		"twice":  `{"name":"a","name":"b"}`,
		"more":   `{"name":"a"} {}`,
		"empty":  ``,
	} {
		t.Run(name, func(t *testing.T) {
			start(t, nil).Call(t, "PATCH /auth/me", signedInUser, apitest.RawBody(body)).WantProblem(t, 400,
				api.CodeInvalidRequest)
		})
	}
}

func manyNames(t *testing.T) string {
	t.Helper()
	names := object{}
	for n := range 5_000 {
		names[fmt.Sprint("n", n)] = ""
	}
	text, err := json.Marshal(names)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestDeleteMe(t *testing.T) {
	w := start(t, nil)
	w.hasProfile(t, map[string]string{"email": ines})
	got := w.Call(t, "DELETE /auth/me", signedInUser, apitest.Token("the-token")).Want(t, 204)
	if in := input[cip.DeleteUserInput](t, w.pool, "DeleteUser"); got.Body != "" || *in.AccessToken != "the-token" {
		t.Errorf("body %s, token %s", got.Body, *in.AccessToken)
	}
	w.wantDeleted(t)
}

func (w *world) wantDeleted(t *testing.T) {
	t.Helper()
	if p, err := w.profiles.Get(t.Context(), key); !errors.Is(err, profile.ErrDeleted) {
		t.Errorf("profile %+v, error %v, want a tombstone", p, err)
	}
	if made, err := w.profiles.Create(t.Context(), profile.Profile{Key: key}); made ||
		!errors.Is(err, profile.ErrDeleted) {
		t.Errorf("a sign-in in flight made the profile again: %v, %v", made, err)
	}
}

// The store fails after the account is gone: the request, sent again with the same token, finishes.
func TestDeleteMeAgain(t *testing.T) {
	w := start(t, nil)
	w.hasProfile(t, map[string]string{"email": ines})
	*w.profiles.fail = errors.New("the table is down")
	w.Call(t, "DELETE /auth/me", signedInUser).WantProblem(t, 500, api.CodeInternal)
	*w.profiles.fail = nil
	w.pool.gives = map[string]any{"DeleteUser": cognitoError("UserNotFoundException", "User does not exist.")}
	w.Call(t, "DELETE /auth/me", signedInUser).Want(t, 204)
	w.wantDeleted(t)
	w.Call(t, "DELETE /auth/me", signedInUser).Want(t, 204)
}

// A token that Cognito refuses deletes nothing, even if the authorizer accepts it.
func TestDeleteMeWithARevokedToken(t *testing.T) {
	for _, code := range []string{"NotAuthorizedException", "UserNotConfirmedException", "TooManyRequestsException",
		"InternalErrorException"} {
		w := start(t, map[string]any{"DeleteUser": cognitoError(code, "")})
		w.hasProfile(t, map[string]string{"email": ines})
		if got := w.Call(t, "DELETE /auth/me", signedInUser); got.Status < 400 {
			t.Errorf("%s: status %d", code, got.Status)
		}
		if _, err := w.profiles.Get(t.Context(), key); err != nil {
			t.Errorf("%s: profile %v", code, err)
		}
	}
}

func TestMeNeedsTheStore(t *testing.T) {
	for _, route := range []string{"GET /auth/me", "PATCH /auth/me", "DELETE /auth/me"} {
		w := start(t, map[string]any{"GetUser": userIs(nil)})
		*w.profiles.fail = errors.New("the table is down")
		options := []apitest.Option{signedInUser}
		if route == "PATCH /auth/me" {
			options = append(options, apitest.Body(object{"name": "I"}))
		}
		w.Call(t, route, options...).WantProblem(t, 500, api.CodeInternal)
	}
}

func TestMeIsForTheOwner(t *testing.T) {
	for _, route := range []string{"GET /auth/me", "PATCH /auth/me", "DELETE /auth/me"} {
		w := start(t, nil)
		w.Call(t, route).WantProblem(t, 401, api.CodeUnauthorized)
		w.Call(t, route, signedInUser, apitest.Claims(map[string]string{"token_use": api.IDToken})).WantProblem(t, 401,
			api.CodeUnauthorized)
		if got := w.pool.called(); got != "" {
			t.Errorf("Cognito was asked: %s", got)
		}
	}
}
