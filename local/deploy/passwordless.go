package deploy

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/shared/challenge"
)

// passwordless is the example whose pool signs users in by a code.
type passwordless struct{ example }

var mailedCode = regexp.MustCompile(`\b\d{8}\b`)

// use signs a user in with the code in the mail.
func (p passwordless) use(ctx context.Context, tf *terraform, o Options) error {
	outputs, err := tf.outputs(ctx)
	if err != nil {
		return err
	}
	const name = "member@example.org"
	attribute := func(name, value string) types.AttributeType { return types.AttributeType{Name: &name, Value: &value} }
	_, err = p.s.Cognito.AdminCreateUser(ctx, &cip.AdminCreateUserInput{
		UserPoolId: &outputs.PoolID.Value, Username: aws.String(name), MessageAction: types.MessageActionTypeSuppress,
		UserAttributes: []types.AttributeType{attribute("email", name), attribute("email_verified", "true")},
	})
	if err != nil {
		return err
	}
	_, err = p.s.Cognito.AdminSetUserPassword(ctx, &cip.AdminSetUserPasswordInput{ // confirms the user; nobody keeps it
		UserPoolId: &outputs.PoolID.Value, Username: aws.String(name), Password: aws.String("Correct-horse-battery-7"),
		Permanent: true,
	})
	if err != nil {
		return err
	}
	client := outputs.Clients.Value["web"]
	begun, err := p.s.Cognito.InitiateAuth(ctx, &cip.InitiateAuthInput{
		ClientId: &client, AuthFlow: types.AuthFlowTypeCustomAuth, AuthParameters: map[string]string{"USERNAME": name},
	})
	if err != nil {
		return fmt.Errorf("the sign-in without a password does not begin: %w", err)
	}
	answer := func(session *string, text string) (*cip.RespondToAuthChallengeOutput, error) {
		return p.s.Cognito.RespondToAuthChallenge(ctx, &cip.RespondToAuthChallengeInput{
			ClientId: &client, ChallengeName: types.ChallengeNameTypeCustomChallenge, Session: session,
			ChallengeResponses: map[string]string{"USERNAME": name, "ANSWER": text},
			ClientMetadata:     map[string]string{challenge.MetadataMethod: text},
		})
	}
	asked, err := answer(begun.Session, string(challenge.EmailCode))
	if err != nil {
		return fmt.Errorf("the sign-in without a password does not offer a code by mail: %w", err)
	}
	code, err := p.code(ctx, name)
	if err != nil {
		return err
	}
	out, err := answer(asked.Session, code)
	if err != nil || out.AuthenticationResult == nil {
		return fmt.Errorf("the code of the mail does not sign in: %w", err)
	}
	fmt.Fprintln(o.Out, "A user signed in with the code of a mail.")
	return nil
}

// code returns the code in the last mail to an address.
func (p passwordless) code(ctx context.Context, to string) (string, error) {
	mails, err := p.s.Emulator.SentEmails(ctx)
	if err != nil {
		return "", err
	}
	code := ""
	for _, m := range mails {
		if len(m.To) == 1 && m.To[0] == to {
			code = mailedCode.FindString(m.Text)
		}
	}
	if code == "" {
		return "", errors.New("no mail with a code was sent to " + to)
	}
	return code, nil
}
