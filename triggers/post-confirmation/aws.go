package main

import (
	"context"
	"fmt"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/messages"
	"cognito-triggers/shared/profile/dynamo"
	"cognito-triggers/shared/sending"
	"cognito-triggers/shared/sending/seslight"
	"cognito-triggers/shared/settings"
)

// newServices checks the environment at cold start and creates each client at its first use.
func newServices(env *settings.Env, config Config) services {
	store := awsenv.Config(env, "DYNAMODB")
	s := services{
		profiles: dynamo.New(sync.OnceValue(func() dynamo.API { return dynamodb.NewFromConfig(store) }), config.ProfileTable),
	}
	if config.DefaultGroup != "" || config.SignOut {
		pool := awsenv.Config(env, "COGNITO_IDENTITY_PROVIDER")
		s.pool = cognitoPool{sync.OnceValue(func() *cognitoidentityprovider.Client {
			return cognitoidentityprovider.NewFromConfig(pool)
		})}
	}
	if config.WelcomeFrom != "" {
		s.mailer = sesMailer{seslight.FromSettings(env)}
	}
	return s
}

// cognitoPool calls Cognito's user pools API.
type cognitoPool struct {
	client func() *cognitoidentityprovider.Client
}

// AddToGroup implements pool. See
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminAddUserToGroup.html
func (p cognitoPool) AddToGroup(ctx context.Context, userPoolID, userName, group string) error {
	_, err := p.client().AdminAddUserToGroup(ctx, &cognitoidentityprovider.AdminAddUserToGroupInput{
		UserPoolId: &userPoolID,
		Username:   &userName,
		GroupName:  &group,
	})
	if err != nil {
		return fmt.Errorf("add user to group: %w", err)
	}
	return nil
}

// SignOut implements pool. See
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminUserGlobalSignOut.html
func (p cognitoPool) SignOut(ctx context.Context, userPoolID, userName string) error {
	_, err := p.client().AdminUserGlobalSignOut(ctx, &cognitoidentityprovider.AdminUserGlobalSignOutInput{
		UserPoolId: &userPoolID,
		Username:   &userName,
	})
	if err != nil {
		return fmt.Errorf("sign user out: %w", err)
	}
	return nil
}

// sesMailer sends through SES, with a sender that does not link its client: a confirmation should not pay for one.
type sesMailer struct{ sender sending.EmailSender }

// Send implements mailer.
func (m sesMailer) Send(ctx context.Context, from, to string, mail messages.Mail) error {
	_, err := m.sender.SendEmail(ctx, sending.Email{
		From: from, To: to, Subject: mail.Subject, HTML: mail.HTML, Text: mail.Text,
	})
	if err != nil {
		return fmt.Errorf("send email: %w", err)
	}
	return nil
}
