package identitypool

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
)

// exception is an error with AWS's name and text.
type exception struct{ Name, Text string }

// Error implements error.
func (e *exception) Error() string { return e.Name + ": " + e.Text }

const internalError = "InternalErrorException"

func (e *exception) status() int {
	if e.Name == internalError {
		return http.StatusInternalServerError
	}
	return http.StatusBadRequest
}

// exceptionOf returns what the client gets. Errors that are no exceptions become internal errors without details.
func exceptionOf(err error) *exception {
	var known *exception
	if errors.As(err, &known) {
		return known
	}
	slog.Error("identity pools", "error", err)
	return &exception{internalError, "Internal error"}
}

func malformed() error {
	return &exception{"SerializationException", "the request is not a JSON object, is too large, or a member has the " +
		"wrong type"}
}

func unknownOperation(name string) error {
	return &exception{"UnknownOperationException",
		fmt.Sprintf("the local identity pools have no operation %q", shortened(name))}
}

// shortened keeps what a client sent from filling an answer.
func shortened(text string) string {
	if len(text) > 64 {
		return strings.ToValidUTF8(text[:64], "") + "…"
	}
	return text
}

func poolNotFound(id string) error {
	return &exception{"ResourceNotFoundException", "IdentityPool '" + id + "' not found."}
}

func identityNotFound(id string) error {
	return &exception{"ResourceNotFoundException", "Identity '" + id + "' not found."}
}

func invalidParameter(text string) error { return &exception{"InvalidParameterException", text} }

func notAuthorized(text string) error { return &exception{"NotAuthorizedException", text} }

func loginInvalid(text string) error { return notAuthorized("Invalid login token. " + text) }

// What clients of AWS have seen; docs/aws-behaviour.md says where.
const (
	textNoGuests     = "Unauthenticated access is not supported for this identity pool."
	textLogins       = "Logins don't match. Please include at least one valid login for this identity or identity pool."
	textProvider     = "Token is not from a supported provider of this identity pool."
	textIssuer       = "Issuer doesn't match providerName"
	textSignature    = "Couldn't verify signed token."
	textAudience     = "Missing a required claim: aud"
	textNotID        = "Not a valid OpenId Connect identity token."
	textNoRole       = "Invalid identity pool configuration. Check assigned IAM roles for this pool."
	textRoleMappings = "Basic (classic) flow is not supported with RoleMappings, please use enhanced flow."
	textNotClassic   = "Basic (classic) flow is not enabled, please use enhanced flow."
)

// What nobody has reported; the texts are ours.
const (
	textRevoked    = "The user was deleted, disabled or signed out."
	textLinked     = "Login is already linked to another identity."
	textCustomRole = "The role in CustomRoleArn is not one of the roles in the token."
	textFull       = "The local identity pools are full: delete some identities, or start anew."
)

func noRole() error {
	return &exception{"InvalidIdentityPoolConfigurationException", textNoRole}
}

func ambiguous(provider string) error {
	return notAuthorized("The ambiguous role mapping rules for: " + provider + " denied this request.")
}
