package deploy

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/shared/cognito"
)

// What would cost sign-ins, or what a pool holds: steps of TestPlansFollowTheSources, and what TestLivePool uses.

// outputs are what these steps need of the root module's outputs.
type outputs struct {
	UserPoolID struct{ Value string }            `json:"user_pool_id"`
	ClientIDs  struct{ Value map[string]string } `json:"client_ids"`
}

func (c *changer) outputs(t *testing.T) outputs {
	t.Helper()
	text, err := c.tf.output(t.Context(), "output", "-json")
	if err != nil {
		t.Fatal(err)
	}
	var o outputs
	if err := json.Unmarshal(text, &o); err != nil {
		t.Fatal(err)
	}
	return o
}

const (
	resident = "resident@example.org"
	password = "Correct-horse-battery-7"
)

// settle creates a user who signs in and is in a group.
func (c *changer) settle(t *testing.T) {
	t.Helper()
	ctx, pool := t.Context(), c.outputs(t).UserPoolID.Value
	_, err := c.s.Cognito.AdminCreateUser(ctx, &cip.AdminCreateUserInput{
		UserPoolId: &pool, Username: new(resident), MessageAction: types.MessageActionTypeSuppress,
		UserAttributes: []types.AttributeType{
			{Name: new("email"), Value: new(resident)}, {Name: new("email_verified"), Value: new("true")},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.s.Cognito.AdminSetUserPassword(ctx, &cip.AdminSetUserPasswordInput{
		UserPoolId: &pool, Username: new(resident), Password: new(password), Permanent: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.s.Cognito.AdminAddUserToGroup(ctx, &cip.AdminAddUserToGroupInput{
		UserPoolId: &pool, Username: new(resident), GroupName: new("members"),
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (c *changer) signIn(ctx context.Context, client string) error {
	_, err := c.s.Cognito.InitiateAuth(ctx, &cip.InitiateAuthInput{
		ClientId: &client, AuthFlow: types.AuthFlowTypeUserPasswordAuth,
		AuthParameters: map[string]string{"USERNAME": resident, "PASSWORD": password},
	})
	return err
}

// whileUsersSignIn applies while a user signs in again and again, and fails the test for each sign-in that fails.
func (c *changer) whileUsersSignIn(t *testing.T, more ...string) {
	t.Helper()
	client := c.outputs(t).ClientIDs.Value["app"]
	began, done := time.Now(), make(chan struct{})
	count, failures := 0, []string{}
	var loop sync.WaitGroup
	loop.Go(func() {
		every := time.NewTicker(100 * time.Millisecond)
		defer every.Stop()
		for {
			select {
			case <-done:
				return
			case <-every.C:
			}
			count++
			if err := c.signIn(t.Context(), client); err != nil {
				failures = append(failures, time.Since(began).Round(100*time.Millisecond).String()+": "+err.Error())
			}
		}
	})
	arguments := append([]string{"apply", "-auto-approve"}, c.tf.arguments...)
	err := c.tf.run(t.Context(), append(arguments, more...)...)
	took := time.Since(began).Round(100 * time.Millisecond)
	close(done)
	loop.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if len(failures) > 0 {
		t.Errorf("%d of %d sign-ins failed during an apply of %v, the first after %s\nand the last after %s",
			len(failures), count, took, failures[0], failures[len(failures)-1])
	}
	t.Logf("%d sign-ins during an apply of %v", count, took)
	if count < 10 {
		t.Errorf("only %d sign-ins", count)
	}
}

// attached returns the name of the function that the pool calls for a hook; "" for none.
func (c *changer) attached(t *testing.T, hook cognito.Hook) string {
	t.Helper()
	pool := c.outputs(t).UserPoolID.Value
	out, err := c.s.Cognito.DescribeUserPool(t.Context(), &cip.DescribeUserPoolInput{UserPoolId: &pool})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(out.UserPool.LambdaConfig)
	if err != nil {
		t.Fatal(err)
	}
	var config cognito.LambdaConfig
	if err := json.Unmarshal(text, &config); err != nil {
		t.Fatal(err)
	}
	function, _ := config.Function(hook)
	_, name, _ := strings.Cut(function.ARN, ":function:")
	return name
}

// refuse runs a command that must fail with these words, after which everything is as before and users sign in.
func (c *changer) refuse(t *testing.T, words string, args ...string) {
	t.Helper()
	before, err := resources(t.Context(), c.s)
	if err != nil {
		t.Fatal(err)
	}
	o := c.outputs(t) // a destruction forgets them first, even one that is refused
	held := c.held(t, o.UserPoolID.Value)
	_, err = c.tf.output(t.Context(), append(args, c.tf.arguments...)...)
	if err == nil || !strings.Contains(strings.Join(strings.Fields(err.Error()), " "), words) {
		t.Errorf("error %v, want %q", err, words)
	}
	after, err := resources(t.Context(), c.s)
	if err != nil {
		t.Fatal(err)
	}
	if lost := added(after, before); len(lost) > 0 {
		t.Errorf("lost: %v", lost)
	}
	if gained := added(before, after); len(gained) > 0 {
		t.Errorf("made: %v", gained)
	}
	if now := c.held(t, o.UserPoolID.Value); now != held {
		t.Errorf("the pool held\n%s\nand holds\n%s", held, now)
	}
	if err := c.signIn(t.Context(), o.ClientIDs.Value["app"]); err != nil {
		t.Errorf("nobody can sign in: %v", err)
	}
}

// held returns the app clients, the groups and the resident's groups.
func (c *changer) held(t *testing.T, pool string) string {
	t.Helper()
	var lines []string
	for _, l := range []listing{
		{target: "ListUserPoolClients", body: `{"MaxResults":60,"UserPoolId":"` + pool + `"}`},
		{target: "ListGroups", body: `{"UserPoolId":"` + pool + `"}`},
		{target: "AdminListGroupsForUser", body: `{"UserPoolId":"` + pool + `","Username":"` + resident + `"}`},
	} {
		l.service, l.target = "cognito-idp", "AWSCognitoIdentityProviderService."+l.target
		answer, err := l.call(t.Context(), c.s.Endpoint, c.s.Region)
		if err != nil {
			answer = []byte(err.Error())
		}
		lines = append(lines, string(answer))
	}
	return strings.Join(lines, "\n")
}

func stillCalled(c *changer, t *testing.T) {
	c.settings(map[string]any{"pre-token-generation": map[string]any{"enabled": false}})
	c.refuse(t, "still calls a pre token generation function of these triggers", "apply", "-auto-approve")
	c.settings(nil)
}

func renameProtected(c *changer, t *testing.T) {
	c.refuse(t, "The system is named cognito-triggers", "apply", "-auto-approve", "-refresh=false", "-var=name=another")
}

func destroyProtected(c *changer, t *testing.T) {
	c.refuse(t, "deletion_protection is on", "destroy", "-auto-approve", "-refresh=false")
}
