package e2e

import (
	"bytes"
	"encoding/json"
	"maps"
	"regexp"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/poolspec"
	"cognito-triggers/local/stack"
	"cognito-triggers/local/stack/stacktest"
)

// passwordless is a stack of its own, on the shared emulator, whose pool signs users in without a password.
type passwordless struct {
	*stack.Stack
	pool   poolspec.Pool
	client string
	logs   *lines
}

// newPasswordless starts the stack with settings of create-auth-challenge.
func newPasswordless(t *testing.T, settings map[string]string) passwordless {
	t.Helper()
	t.Setenv("AWS_ENDPOINT_URL", local.Emulator.Endpoint)
	logs := &lines{}
	create := map[string]string{"ANSWER_AFTER_MS": "0"}
	maps.Copy(create, settings)
	root := stacktest.Linked(t, local.Root, stacktest.Passwordless(create))
	s, err := stack.Start(t.Context(), stack.Options{Root: root, Logs: logs})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	pool, err := s.Deploy(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return passwordless{s, pool, pool.Clients["app"], logs}
}

// user makes a user with a verified address, silently.
func (p passwordless) user(t *testing.T, email string) {
	t.Helper()
	attribute := func(name, value string) types.AttributeType { return types.AttributeType{Name: &name, Value: &value} }
	_, err := p.Cognito.AdminCreateUser(t.Context(), &cip.AdminCreateUserInput{
		UserPoolId: &p.pool.ID, Username: &email, MessageAction: types.MessageActionTypeSuppress,
		UserAttributes: []types.AttributeType{attribute("email", email), attribute("email_verified", "true")},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Cognito.AdminSetUserPassword(t.Context(), &cip.AdminSetUserPasswordInput{
		UserPoolId: &p.pool.ID, Username: &email, Password: aws.String("Correct-horse-7"), Permanent: true,
	})
	if err != nil {
		t.Fatal(err)
	}
}

// begin starts a sign-in.
func (p passwordless) begin(t *testing.T, email string) (*cip.InitiateAuthOutput, error) {
	t.Helper()
	return p.Cognito.InitiateAuth(t.Context(), &cip.InitiateAuthInput{
		ClientId: &p.client, AuthFlow: types.AuthFlowTypeCustomAuth, AuthParameters: map[string]string{"USERNAME": email},
	})
}

// session is begin for a sign-in that must be challenged.
func (p passwordless) session(t *testing.T, email string) string {
	t.Helper()
	out, err := p.begin(t, email)
	if err != nil {
		t.Fatal(err)
	}
	return aws.ToString(out.Session)
}

// answer answers a challenge.
func (p passwordless) answer(t *testing.T, session, email, answer string,
	metadata map[string]string) (*cip.RespondToAuthChallengeOutput, error) {
	t.Helper()
	return p.Cognito.RespondToAuthChallenge(t.Context(), &cip.RespondToAuthChallengeInput{
		ClientId: &p.client, ChallengeName: types.ChallengeNameTypeCustomChallenge, Session: &session,
		ChallengeResponses: map[string]string{"USERNAME": email, "ANSWER": answer}, ClientMetadata: metadata,
	})
}

// signedIn reports whether an answer got tokens.
func hasTokens(out *cip.RespondToAuthChallengeOutput, err error) bool {
	return err == nil && out.AuthenticationResult != nil && out.AuthenticationResult.AccessToken != nil
}

var (
	mailedCode = regexp.MustCompile(`\b\d{8}\b`)
	mailedLink = regexp.MustCompile(`https?://\S+#\S+`)
)

// mails returns the texts of the mails to an address, the oldest first.
func (p passwordless) mails(t *testing.T, email string) []string {
	t.Helper()
	return p.allMails(t)[email]
}

// allMails returns the texts of all mails by address, the oldest first.
func (p passwordless) allMails(t *testing.T) map[string][]string {
	t.Helper()
	sent, err := local.Emulator.SentEmails(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for _, m := range sent {
		for _, to := range m.To {
			all[to] = append(all[to], m.Text)
		}
	}
	return all
}

// counted returns the sum of a counter over the functions' metrics lines, once the functions have ended.
func (p passwordless) counted(t *testing.T, name string) int {
	t.Helper()
	if err := p.CloseRunners(); err != nil {
		t.Fatal(err)
	}
	total := 0
	for line := range bytes.Lines([]byte(p.logs.String())) {
		var members map[string]any
		if json.Unmarshal(line, &members) != nil || members["_aws"] == nil {
			continue
		}
		if n, ok := members[name].(float64); ok {
			total += int(n)
		}
	}
	return total
}
