package inspect

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Call is one operation of the user pools API, to be sent to a running pool.
type Call struct {
	Operation string        // for example SignUp
	Input     []byte        // JSON; Send adds ClientId or UserPoolId, where the operation has it and the input has not
	Build     string        // the folder of local.json
	Wait      time.Duration // how long the pool may take to start
}

// retryAfter is the time between two looks for a pool that is starting.
const retryAfter = 200 * time.Millisecond

// ofClients are the operations with a ClientId; those named Admin… have a UserPoolId, too.
var ofClients = []string{
	"AdminInitiateAuth", "AdminRespondToAuthChallenge", "ConfirmForgotPassword", "ConfirmSignUp", "ForgotPassword",
	"GetTokensFromRefreshToken", "InitiateAuth", "ResendConfirmationCode", "RespondToAuthChallenge", "RevokeToken",
	"SignUp",
}

// ofTokens are operations that know the pool from the caller's token.
var ofTokens = []string{
	"AssociateSoftwareToken", "ChangePassword", "DeleteUser", "DeleteUserAttributes", "GetUser",
	"GetUserAttributeVerificationCode", "GlobalSignOut", "SetUserMFAPreference", "UpdateUserAttributes",
	"VerifySoftwareToken", "VerifyUserAttribute",
}

// Send sends the call and returns the pool's answer as indented JSON. The error of a refused call has the name and text
// of the exception.
func (c Call) Send(ctx context.Context) ([]byte, error) {
	var input map[string]json.RawMessage
	if len(c.Input) > 0 {
		if err := json.Unmarshal(c.Input, &input); err != nil {
			return nil, fmt.Errorf("the input of %s is not a JSON object: %w", c.Operation, err)
		}
	}
	if input == nil {
		input = map[string]json.RawMessage{}
	}
	pool, err := c.await(ctx)
	if err != nil {
		return nil, err
	}
	client := slices.Contains(ofClients, c.Operation)
	if client {
		fill(input, "ClientId", pool.ClientID)
	}
	if !client && !slices.Contains(ofTokens, c.Operation) || strings.HasPrefix(c.Operation, "Admin") {
		fill(input, "UserPoolId", pool.UserPoolID)
	}
	body, err := json.Marshal(input)
	if err != nil {
		return nil, err
	}
	return send(ctx, pool.Endpoint, c.Operation, body)
}

func fill(input map[string]json.RawMessage, name, value string) {
	if _, given := input[name]; !given {
		input[name], _ = json.Marshal(value) // a string always has JSON
	}
}

// addresses are what a call needs of local.json.
type addresses struct{ Endpoint, UserPoolID, ClientID string }

func (c Call) await(ctx context.Context) (addresses, error) {
	path := filepath.Join(c.Build, FileName)
	for until := time.Now().Add(c.Wait); ; {
		text, err := os.ReadFile(path)
		if err == nil {
			var a addresses
			if err := json.Unmarshal(text, &a); err != nil || a.Endpoint == "" {
				return a, fmt.Errorf("%s has no endpoint: restart the pool", path)
			}
			return a, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return addresses{}, err
		}
		if time.Now().After(until) {
			_, err := running(path)
			return addresses{}, err
		}
		select {
		case <-ctx.Done():
			return addresses{}, ctx.Err()
		case <-time.After(retryAfter):
		}
	}
}

func send(ctx context.Context, endpoint, operation string, body []byte) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/x-amz-json-1.1")
	request.Header.Set("X-Amz-Target", "AWSCognitoIdentityProviderService."+operation)
	return answerOf(request, operation)
}
