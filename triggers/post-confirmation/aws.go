package main

import (
	"context"
	"fmt"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/messages"
	"cognito-triggers/shared/profile/dynamo"
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
		mail := awsenv.Once(awsenv.Config(env, "SESV2"))
		s.mailer = sesMailer{sync.OnceValue(func() *sesv2.Client { return sesv2.NewFromConfig(mail) })}
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

// sesMailer sends through SES.
type sesMailer struct {
	client func() *sesv2.Client
}

// Send implements mailer. See https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
func (m sesMailer) Send(ctx context.Context, from, to string, mail messages.Mail) error {
	_, err := m.client().SendEmail(ctx, &sesv2.SendEmailInput{
		FromEmailAddress: &from,
		Destination:      &types.Destination{ToAddresses: []string{to}},
		Content: &types.EmailContent{Simple: &types.Message{
			Subject: utf8Content(mail.Subject),
			Body:    &types.Body{Html: utf8Content(mail.HTML), Text: utf8Content(mail.Text)},
		}},
	})
	if err != nil {
		return fmt.Errorf("send email: %w", err)
	}
	return nil
}

func utf8Content(text string) *types.Content {
	return &types.Content{Data: &text, Charset: aws.String("UTF-8")}
}
