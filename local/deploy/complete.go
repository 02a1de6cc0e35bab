package deploy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/userpool/srp"
	"cognito-triggers/local/userpool/totp"
)

// complete is the example with all features. A member of a group gets the group's role through the identity pool.
type complete struct{ example }

func (c complete) use(ctx context.Context, tf *terraform, o Options) error {
	if err := c.example.use(ctx, tf, o); err != nil {
		return err
	}
	out, err := tf.outputs(ctx)
	if err != nil {
		return err
	}
	const name, password = "clerk@example.org", "Correct-horse-battery-7"
	if err := c.hire(ctx, out.PoolID.Value, name, password); err != nil {
		return err
	}
	token, err := c.signIn(ctx, out.PoolID.Value, out.Clients.Value["web"], name, password)
	if err != nil {
		return fmt.Errorf("sign-in of %s: %w", name, err)
	}
	who, err := c.exchange(ctx, out.IdentityPool.Value, out.PoolID.Value, token)
	if err != nil {
		return fmt.Errorf("exchange of an ID token at the identity pool: %w", err)
	}
	if !strings.HasSuffix(who, "-clerks/CognitoIdentityCredentials") {
		return fmt.Errorf("the identity pool gives a clerk the credentials of %s, want the role of the clerks", who)
	}
	fmt.Fprintf(o.Out, "The identity pool gives a member of the group clerks the credentials of %s.\n", who)
	return nil
}

// hire makes a user in the group clerks.
func (c complete) hire(ctx context.Context, pool, name, password string) error {
	_, err := c.s.Cognito.AdminCreateUser(ctx, &cip.AdminCreateUserInput{
		UserPoolId: &pool, Username: &name, MessageAction: types.MessageActionTypeSuppress,
		UserAttributes: []types.AttributeType{{Name: aws.String("email"), Value: &name}},
	})
	if err != nil {
		return err
	}
	if _, err = c.s.Cognito.AdminSetUserPassword(ctx, &cip.AdminSetUserPasswordInput{
		UserPoolId: &pool, Username: &name, Password: &password, Permanent: true,
	}); err != nil {
		return err
	}
	_, err = c.s.Cognito.AdminAddUserToGroup(ctx, &cip.AdminAddUserToGroupInput{
		UserPoolId: &pool, Username: &name, GroupName: aws.String("clerks"),
	})
	return err
}

// signIn signs a user in who sets up an authenticator app, since the pool demands it, and returns the ID token.
func (c complete) signIn(ctx context.Context, pool, client, name, password string) (string, error) {
	prover := srp.NewClient(pool, name, password)
	begun, err := c.s.Cognito.InitiateAuth(ctx, &cip.InitiateAuthInput{
		ClientId: &client, AuthFlow: types.AuthFlowTypeUserSrpAuth, AuthParameters: prover.AuthParameters(),
	})
	if err != nil {
		return "", err
	}
	proof, err := prover.Respond(begun.ChallengeParameters, time.Now())
	if err != nil {
		return "", err
	}
	proven, err := c.s.Cognito.RespondToAuthChallenge(ctx, &cip.RespondToAuthChallengeInput{
		ClientId: &client, ChallengeName: begun.ChallengeName, Session: begun.Session, ChallengeResponses: proof,
	})
	if err != nil {
		return "", err
	}
	app, err := c.s.Cognito.AssociateSoftwareToken(ctx, &cip.AssociateSoftwareTokenInput{Session: proven.Session})
	if err != nil {
		return "", err
	}
	code, err := totp.Code(aws.ToString(app.SecretCode), time.Now())
	if err != nil {
		return "", err
	}
	verified, err := c.s.Cognito.VerifySoftwareToken(ctx, &cip.VerifySoftwareTokenInput{
		Session: app.Session, UserCode: &code,
	})
	if err != nil {
		return "", err
	}
	done, err := c.s.Cognito.RespondToAuthChallenge(ctx, &cip.RespondToAuthChallengeInput{
		ClientId: &client, ChallengeName: types.ChallengeNameTypeMfaSetup, Session: verified.Session,
		ChallengeResponses: map[string]string{"USERNAME": proof["USERNAME"]},
	})
	if err != nil {
		return "", err
	}
	if done.AuthenticationResult == nil {
		return "", fmt.Errorf("got the challenge %q, want tokens", done.ChallengeName)
	}
	return aws.ToString(done.AuthenticationResult.IdToken), nil
}

// exchange gets credentials for an ID token, and asks STS whose they are.
func (c complete) exchange(ctx context.Context, identityPool, pool, token string) (string, error) {
	region, _, _ := strings.Cut(pool, "_")
	logins := map[string]string{"cognito-idp." + region + ".amazonaws.com/" + pool: token}
	var found struct{ IdentityId string }
	if err := c.identities(ctx, "GetId", map[string]any{"IdentityPoolId": identityPool, "Logins": logins},
		&found); err != nil {
		return "", err
	}
	var got struct {
		Credentials struct{ AccessKeyId, SecretKey, SessionToken string }
	}
	if err := c.identities(ctx, "GetCredentialsForIdentity",
		map[string]any{"IdentityId": found.IdentityId, "Logins": logins}, &got); err != nil {
		return "", err
	}
	return c.caller(ctx, aws.Credentials{AccessKeyID: got.Credentials.AccessKeyId,
		SecretAccessKey: got.Credentials.SecretKey, SessionToken: got.Credentials.SessionToken})
}

// identities calls an operation of the identity pools.
func (c complete) identities(ctx context.Context, operation string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	l := listing{service: "cognito-identity", target: "AWSCognitoIdentityService." + operation, body: string(body)}
	answer, err := l.call(ctx, c.s.Endpoint, c.s.Region)
	if err != nil {
		return fmt.Errorf("%s: %w", operation, err)
	}
	return json.Unmarshal(answer, out)
}

var callerARN = regexp.MustCompile(`<Arn>([^<]+)</Arn>`)

// caller asks STS whose credentials these are.
func (c complete) caller(ctx context.Context, credentials aws.Credentials) (string, error) {
	l := listing{service: "sts", body: "Action=GetCallerIdentity&Version=2011-06-15"}
	request, err := l.request(ctx, c.s.Emulator.Endpoint)
	if err != nil {
		return "", err
	}
	if err := v4.NewSigner().SignHTTP(ctx, credentials, request, digest(l.body), l.service, c.s.Region,
		time.Now()); err != nil {
		return "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return "", err
	}
	arn := callerARN.FindSubmatch(answer)
	if arn == nil {
		return "", errors.New("STS does not say whose the credentials are: " + string(answer))
	}
	return string(arn[1]), nil
}
