package deploy

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/scenario"
)

// tokens are the tokens of one sign-in.
type tokens struct{ access, id string }

// callers are two users of the deployed pool, and an access token of the first from an app client that the API does not
// accept.
type callers struct {
	world        scenario.World
	owner, other tokens
	stranger     string
	client       *string // app client that the API does not accept
	users        []string
}

func newCallers(ctx context.Context, w scenario.World) (c *callers, err error) {
	c = &callers{world: w}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("make users who call the API: %w", err), c.remove(context.WithoutCancel(ctx)))
		}
	}()
	password := "Aa1-" + rand.Text()
	for _, name := range []string{"owner", "other"} {
		if err := c.add(ctx, name+"."+rand.Text()[:12]+"@example.org", password); err != nil {
			return c, err
		}
	}
	if c.owner, err = c.signIn(ctx, w.ClientID, c.users[0], password); err != nil {
		return c, err
	}
	if c.other, err = c.signIn(ctx, w.ClientID, c.users[1], password); err != nil {
		return c, err
	}
	made, err := w.Cognito.CreateUserPoolClient(ctx, &cip.CreateUserPoolClientInput{
		UserPoolId: &w.UserPoolID, ClientName: aws.String("stranger"),
		ExplicitAuthFlows: []types.ExplicitAuthFlowsType{types.ExplicitAuthFlowsTypeAllowUserPasswordAuth},
	})
	if err != nil {
		return c, err
	}
	c.client = made.UserPoolClient.ClientId
	strange, err := c.signIn(ctx, *c.client, c.users[0], password)
	c.stranger = strange.access
	return c, err
}

func (c *callers) add(ctx context.Context, email, password string) error {
	_, err := c.world.Cognito.AdminCreateUser(ctx, &cip.AdminCreateUserInput{
		UserPoolId: &c.world.UserPoolID, Username: &email, MessageAction: types.MessageActionTypeSuppress,
		UserAttributes: []types.AttributeType{{
			Name:  aws.String("email"),
			Value: &email,
		}, {Name: aws.String("email_verified"), Value: aws.String("true")}},
	})
	if err != nil {
		return err
	}
	c.users = append(c.users, email)
	_, err = c.world.Cognito.AdminSetUserPassword(ctx, &cip.AdminSetUserPasswordInput{
		UserPoolId: &c.world.UserPoolID,
		Username:   &email,
		Password:   &password,
		Permanent:  true,
	})
	return err
}

func (c *callers) signIn(ctx context.Context, client, email, password string) (tokens, error) {
	out, err := c.world.Cognito.InitiateAuth(ctx, &cip.InitiateAuthInput{
		ClientId: &client, AuthFlow: types.AuthFlowTypeUserPasswordAuth,
		AuthParameters: map[string]string{"USERNAME": email, "PASSWORD": password},
	})
	if err != nil {
		return tokens{}, err
	}
	if out.AuthenticationResult == nil {
		return tokens{}, fmt.Errorf("the sign-in returned the challenge %s", out.ChallengeName)
	}
	return tokens{aws.ToString(out.AuthenticationResult.AccessToken), aws.ToString(out.AuthenticationResult.IdToken)}, nil
}

// remove deletes the users and the app client, which Terraform does not know.
func (c *callers) remove(ctx context.Context) error {
	var errs []error
	for _, user := range c.users {
		_, err := c.world.Cognito.AdminDeleteUser(ctx, &cip.AdminDeleteUserInput{UserPoolId: &c.world.UserPoolID,
			Username: &user})
		errs = append(errs, err)
	}
	if c.client != nil {
		_, err := c.world.Cognito.DeleteUserPoolClient(ctx,
			&cip.DeleteUserPoolClientInput{UserPoolId: &c.world.UserPoolID, ClientId: c.client})
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
