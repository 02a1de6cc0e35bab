package deploy

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamotypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"golang.org/x/crypto/bcrypt"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/cognito/sdkconfig"
)

// everything is the example with all 13 triggers.
type everything struct{ example }

func (e everything) use(ctx context.Context, tf *terraform, o Options) error {
	out, err := tf.outputs(ctx)
	if err != nil {
		return err
	}
	client := out.Clients.Value["web"]
	if err := refused(ctx, e.s, client, o); err != nil {
		return err
	}
	if err := errors.Join(e.signUp(ctx, client, o), e.migrate(ctx, client, out.OldUsers.Value, o)); err != nil {
		return err
	}
	if err := e.attach(ctx, tf, out, o); err != nil {
		return err
	}
	return e.stillCalled(ctx, tf, o)
}

var confirmationCode = regexp.MustCompile(`\b\d{6}\b`)

// signUp confirms a user with the code that the custom sender decrypted and mailed.
func (e everything) signUp(ctx context.Context, client string, o Options) error {
	name, password := "ines@example.org", "Correct-horse-battery-7"
	_, err := e.s.Cognito.SignUp(ctx, &cip.SignUpInput{
		ClientId: &client, Username: &name, Password: &password,
		UserAttributes: []types.AttributeType{{Name: aws.String("email"), Value: &name}},
	})
	if err != nil {
		return fmt.Errorf("sign-up: %w", err)
	}
	code, err := e.mailed(ctx, name)
	if err != nil {
		return err
	}
	_, err = e.s.Cognito.ConfirmSignUp(ctx, &cip.ConfirmSignUpInput{
		ClientId: &client, Username: &name, ConfirmationCode: &code,
	})
	if err != nil {
		return fmt.Errorf("confirmation: %w", err)
	}
	if err := e.signIn(ctx, client, name, password); err != nil {
		return err
	}
	fmt.Fprintln(o.Out, "A user signed up with the code that the custom sender mailed, and signed in.")
	return nil
}

// mailed returns the code of the mail to an address. Nobody waits for a custom sender, so this does.
func (e everything) mailed(ctx context.Context, to string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		mails, err := e.s.Emulator.SentEmails(ctx)
		if err != nil {
			return "", err
		}
		for _, m := range mails {
			if code := confirmationCode.FindString(m.Text); code != "" && slices.Equal(m.To, []string{to}) {
				return code, nil
			}
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return "", fmt.Errorf("no mail with a code was sent to %s: %w", to, ctx.Err())
		}
	}
}

func (e everything) signIn(ctx context.Context, client, name, password string) error {
	out, err := e.s.Cognito.InitiateAuth(ctx, &cip.InitiateAuthInput{
		ClientId: &client, AuthFlow: types.AuthFlowTypeUserPasswordAuth,
		AuthParameters: map[string]string{"USERNAME": name, "PASSWORD": password},
	})
	if err != nil {
		return fmt.Errorf("sign-in of %s: %w", name, err)
	}
	if out.AuthenticationResult == nil {
		return fmt.Errorf("sign-in of %s: got the challenge %q, want tokens", name, out.ChallengeName)
	}
	return nil
}

// migrate signs in a user whom only the old system has.
func (e everything) migrate(ctx context.Context, client, table string, o Options) error {
	const name, password = "omar@example.org", "Long-known-since-2014"
	hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
	if err != nil {
		return err
	}
	text := func(value string) dynamotypes.AttributeValue { return &dynamotypes.AttributeValueMemberS{Value: value} }
	_, err = e.s.DynamoDB.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: &table, Item: map[string]dynamotypes.AttributeValue{
			"login": text(name), "hash": text(string(hash)), "email": text(name),
			"email_confirmed": &dynamotypes.AttributeValueMemberBOOL{Value: true},
		},
	})
	if err != nil {
		return err
	}
	if err := e.signIn(ctx, client, name, password); err != nil {
		return err
	}
	fmt.Fprintln(o.Out, "A user of the old system signed in and is in the pool.")
	return nil
}

// attach attaches inbound federation, which the provider cannot, and checks that the pool then has all 13 triggers.
func (e everything) attach(ctx context.Context, tf *terraform, out exampleOutputs, o Options) error {
	cmd := exec.CommandContext(ctx, filepath.Join(o.Root, "build", "poolctl"), "attach", "--yes",
		"--user-pool-id", out.PoolID.Value, "--function-arn", "inbound-federation="+out.Inbound.Value)
	cmd.Dir, cmd.Env = o.Root, tf.environment
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("poolctl attach: %w\n%s", err, text)
	}
	pool, err := e.s.Cognito.DescribeUserPool(ctx, &cip.DescribeUserPoolInput{UserPoolId: &out.PoolID.Value})
	if err != nil {
		return err
	}
	config, err := sdkconfig.From(pool.UserPool.LambdaConfig)
	if err != nil {
		return err
	}
	for _, hook := range cognito.Hooks() {
		if _, there := config.Function(hook); !there {
			return fmt.Errorf("the pool has no trigger for %s", hook)
		}
	}
	fmt.Fprintf(o.Out, "Once poolctl attached inbound federation, the pool calls %d triggers.\n", len(cognito.Hooks()))
	return nil
}
