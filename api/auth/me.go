package main

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/shared/api"
	"cognito-triggers/shared/profile"
)

// account is a user's data in the user pool and the profile.
type account struct {
	Sub        string            `json:"sub"`
	Username   string            `json:"username"`
	Attributes map[string]string `json:"attributes"` // in the pool, those that the app client may read
	Profile    *stored           `json:"profile"`    // null until the first sign-in has made one
}

// stored is the part of a profile that its owner may see.
type stored struct {
	Attributes map[string]string  `json:"attributes"`
	Identities []profile.Identity `json:"identities,omitempty"`
	CreatedAt  time.Time          `json:"created_at,omitzero"`
	UpdatedAt  time.Time          `json:"updated_at,omitzero"`
}

func (h handler) key(r *api.Request) profile.Key {
	return profile.Key{UserPoolID: h.config.UserPoolID, Sub: r.Claims().Sub}
}

// me serves GET /auth/me. It asks Cognito first, which knows whether the token was revoked; the authorizer does not.
func (h handler) me(ctx context.Context, r *api.Request) (api.Response, error) {
	user, err := h.user(ctx, r)
	if err != nil {
		return api.Response{}, err
	}
	p, err := h.profiles.Get(ctx, h.key(r))
	return answerMe(user, p, err)
}

func (h handler) user(ctx context.Context, r *api.Request) (account, error) {
	out, err := h.pool().GetUser(ctx, &cip.GetUserInput{AccessToken: aws.String(r.Bearer())})
	if err != nil {
		return account{}, failed(ctx, "GetUser", err, nil)
	}
	user := account{Sub: r.Claims().Sub, Username: aws.ToString(out.Username), Attributes: map[string]string{}}
	for _, attribute := range out.UserAttributes {
		user.Attributes[aws.ToString(attribute.Name)] = aws.ToString(attribute.Value)
	}
	return user, nil
}

// answerMe joins the user with the profile, or with the error that means there is none.
func answerMe(user account, p profile.Profile, err error) (api.Response, error) {
	switch {
	case err == nil:
		user.Profile = &stored{p.Attributes, p.Identities, p.CreatedAt, p.UpdatedAt}
	case errors.Is(err, profile.ErrNotFound), errors.Is(err, profile.ErrDeleted):
	default:
		return api.Response{}, err
	}
	return api.JSON(http.StatusOK, user), nil
}

// changeable are the attributes that users can change here. The e-mail address is not one of them, since a new one
// needs a code.
var changeable = []string{"family_name", "given_name", "locale", "name"}

// updateMe serves PATCH /auth/me. It writes to the pool first, which decides what is valid. If the profile then cannot
// be written, the request fails, and repeating it updates the profile.
func (h handler) updateMe(ctx context.Context, r *api.Request) (api.Response, error) {
	values, err := api.Decode[map[string]*string](r)
	if err != nil {
		return api.Response{}, err
	}
	if err := checkChanges(values); err != nil {
		return api.Response{}, err
	}
	in := &cip.UpdateUserAttributesInput{AccessToken: aws.String(r.Bearer())}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		in.UserAttributes = append(in.UserAttributes, types.AttributeType{Name: &name, Value: values[name]})
	}
	if _, err := h.pool().UpdateUserAttributes(ctx, in); err != nil {
		return api.Response{}, failed(ctx, "UpdateUserAttributes", err, nil)
	}
	user, err := h.user(ctx, r)
	if err != nil {
		return api.Response{}, err
	}
	for name, value := range values { // Cognito does not guarantee that a read sees the write before it
		user.Attributes[name] = *value
		if *value == "" {
			delete(user.Attributes, name)
		}
	}
	p, err := h.copy(ctx, h.key(r), values)
	return answerMe(user, p, err)
}

func checkChanges(values map[string]*string) error {
	if len(values) == 0 {
		return api.Fail(http.StatusBadRequest, api.CodeInvalidParameter,
			"There is nothing to change: give at least one of "+strings.Join(changeable, ", ")+".")
	}
	f := faults{}
	for name, value := range values {
		switch {
		case !slices.Contains(changeable, name):
			f[shortened(name)] = "cannot be changed here: use " + strings.Join(changeable, ", ")
			return f.err() // enough: the caller may have sent thousands
		case value == nil:
			f[name] = `is null: use a text, or "" to remove the attribute`
		}
	}
	return f.err()
}

// shortened limits the length of a name that the caller sent.
func shortened(name string) string {
	const longest = 64
	if utf8.RuneCountInString(name) > longest {
		return string([]rune(name)[:longest]) + "…"
	}
	return name
}

// copy updates the attributes that are copied into the profile.
func (h handler) copy(ctx context.Context, k profile.Key, values map[string]*string) (profile.Profile, error) {
	copies := map[string]string{}
	for name, value := range values {
		if slices.Contains(h.config.Copied, name) {
			copies[name] = *value
		}
	}
	if len(copies) == 0 {
		return h.profiles.Get(ctx, k)
	}
	return h.profiles.UpdateAttributes(ctx, k, copies, h.now())
}

// deleteMe serves DELETE /auth/me. It deletes the account first, because a sign-in would need the profile while the
// account exists. A request that failed after that can be repeated with the same token: Cognito then does not find the
// user, but the authorizer has checked the token, so the caller may still delete the profile. A revoked token is
// refused.
func (h handler) deleteMe(ctx context.Context, r *api.Request) (api.Response, error) {
	_, err := h.pool().DeleteUser(ctx, &cip.DeleteUserInput{AccessToken: aws.String(r.Bearer())})
	if err != nil && errorCode(err) != "UserNotFoundException" {
		return api.Response{}, failed(ctx, "DeleteUser", err, nil)
	}
	if err := h.profiles.Delete(ctx, h.key(r), h.now(), profile.TombstoneTime); err != nil {
		return api.Response{}, err
	}
	return api.NoContent(), nil
}
