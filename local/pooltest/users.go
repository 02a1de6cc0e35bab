package pooltest

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// User is somebody who signs up.
type User struct {
	Name           string // user name; an e-mail address in pools that sign users in by it
	Password       string
	Attributes     map[string]string
	ValidationData map[string]string // for pre sign-up
	ClientMetadata map[string]string // for pre sign-up, custom message and post confirmation
}

// Metadata is the ClientMetadata of a call. Cognito hands it to some of the triggers that the call fires.
type Metadata map[string]string

// merged returns the metadata of a call, or nil.
func merged(metadata []Metadata) map[string]string {
	var all map[string]string
	for _, m := range metadata {
		if all == nil {
			all = map[string]string{}
		}
		maps.Copy(all, m)
	}
	return all
}

// SignUp signs the user up. The error is one of the AWS SDK's types, such as *types.UserLambdaValidationException with
// the text of a trigger that refused.
func (p *Pool) SignUp(u User) error {
	_, err := p.Client.SignUp(context.Background(), &cip.SignUpInput{
		ClientId: &p.ClientID, SecretHash: p.secretHash(u.Name), Username: &u.Name, Password: &u.Password,
		UserAttributes: attributes(u.Attributes), ValidationData: attributes(u.ValidationData),
		ClientMetadata: u.ClientMetadata,
	})
	return err
}

// Confirm confirms a sign-up with the code in the user's newest message.
func (p *Pool) Confirm(name string, metadata ...Metadata) error {
	code, err := p.Code(name)
	if err != nil {
		return err
	}
	_, err = p.Client.ConfirmSignUp(context.Background(), &cip.ConfirmSignUpInput{
		ClientId: &p.ClientID, SecretHash: p.secretHash(name), Username: &name, ConfirmationCode: &code,
		ClientMetadata: merged(metadata),
	})
	return err
}

// CreateUser creates the user as an administrator does. Password is the temporary password; if it is empty, Cognito
// makes one, which Code returns. The user's first sign-in ends in a *ChallengeError, NEW_PASSWORD_REQUIRED.
func (p *Pool) CreateUser(u User) error {
	in := &cip.AdminCreateUserInput{
		UserPoolId: &p.ID, Username: &u.Name, UserAttributes: attributes(u.Attributes),
		ValidationData: attributes(u.ValidationData), ClientMetadata: u.ClientMetadata,
	}
	if u.Password != "" {
		in.TemporaryPassword = &u.Password
	}
	_, err := p.Client.AdminCreateUser(context.Background(), in)
	return err
}

// ForgotPassword asks for a code to set a new password.
func (p *Pool) ForgotPassword(name string, metadata ...Metadata) error {
	_, err := p.Client.ForgotPassword(context.Background(), &cip.ForgotPasswordInput{
		ClientId: &p.ClientID, SecretHash: p.secretHash(name), Username: &name, ClientMetadata: merged(metadata),
	})
	return err
}

// ResetPassword sets a new password with the code in the user's newest message.
func (p *Pool) ResetPassword(name, password string, metadata ...Metadata) error {
	code, err := p.Code(name)
	if err != nil {
		return err
	}
	_, err = p.Client.ConfirmForgotPassword(context.Background(), &cip.ConfirmForgotPasswordInput{
		ClientId: &p.ClientID, SecretHash: p.secretHash(name), Username: &name, Password: &password,
		ConfirmationCode: &code, ClientMetadata: merged(metadata),
	})
	return err
}

// AddToGroup makes the user a member of a group; see WithGroups.
func (p *Pool) AddToGroup(name, group string) error {
	_, err := p.Client.AdminAddUserToGroup(context.Background(), &cip.AdminAddUserToGroupInput{
		UserPoolId: &p.ID, Username: &name, GroupName: &group,
	})
	return err
}

// Attributes returns the user's attributes, and the status as cognito:user_status.
func (p *Pool) Attributes(name string) (map[string]string, error) {
	user, err := p.Client.AdminGetUser(context.Background(), &cip.AdminGetUserInput{UserPoolId: &p.ID, Username: &name})
	if err != nil {
		return nil, err
	}
	values := map[string]string{"cognito:user_status": string(user.UserStatus)}
	for _, a := range user.UserAttributes {
		values[aws.ToString(a.Name)] = aws.ToString(a.Value)
	}
	return values, nil
}

// Code returns the code or temporary password in the newest message to the user, whom a user name, an address or a sub
// names.
func (p *Pool) Code(name string) (string, error) {
	messages := p.Inbox()
	for _, m := range slices.Backward(messages) {
		if m.From != "" {
			continue // a function's own
		}
		if strings.EqualFold(m.UserName, name) || strings.EqualFold(m.To, name) || m.User == name {
			return m.Code, nil
		}
	}
	return "", fmt.Errorf("none of %d messages is for %q", len(messages), name)
}

func attributes(values map[string]string) []types.AttributeType {
	var list []types.AttributeType
	for _, name := range slices.Sorted(maps.Keys(values)) {
		list = append(list, types.AttributeType{Name: &name, Value: aws.String(values[name])})
	}
	return list
}

// secretHash returns the SECRET_HASH of a user name, or nil if the app client has no secret.
func (p *Pool) secretHash(name string) *string {
	if p.ClientSecret == "" {
		return nil
	}
	mac := hmac.New(sha256.New, []byte(p.ClientSecret))
	mac.Write([]byte(name + p.ClientID))
	return aws.String(base64.StdEncoding.EncodeToString(mac.Sum(nil)))
}
