package e2e

import (
	"crypto/rand"
	"errors"
	"maps"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/local/poolspec"
	"cognito-triggers/local/userpool"
	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/local/userpool/poolclient"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/profile"
)

// gatePool is a local user pool whose sign-ins go through the compiled pre and post authentication.
type gatePool struct {
	t         *testing.T
	client    *cognitoidentityprovider.Client
	pool      poolspec.Pool
	pre, post function
}

func newGatePool(t *testing.T, pre, post map[string]string) *gatePool {
	t.Helper()
	g := &gatePool{t: t, pre: start(t, "pre-authentication", pre), post: start(t, "post-authentication", post)}
	runners := map[string]*lambdaruntime.Runner{
		functionARN + "pre-authentication": g.pre.Runner, functionARN + "post-authentication": g.post.Runner,
	}
	server := httptest.NewServer(userpool.Open(userpool.Options{
		Invoker: fire.Runners(func(arn string) (*lambdaruntime.Runner, error) {
			if runner := runners[arn]; runner != nil {
				return runner, nil
			}
			return nil, errors.New("no function")
		}),
	}))
	t.Cleanup(server.Close)
	g.client = poolclient.New(server.URL, local.Region)
	spec, err := poolspec.Read(local.Root)
	g.must(err)
	g.pool, err = spec.Create(t.Context(), g.client, &types.LambdaConfigType{
		PreAuthentication:  aws.String(functionARN + "pre-authentication"),
		PostAuthentication: aws.String(functionARN + "post-authentication"),
	}, nil)
	g.must(err)
	return g
}

func (g *gatePool) must(err error) {
	g.t.Helper()
	if err != nil {
		g.t.Fatal(err)
	}
}

const gatePassword = "Correct-Horse-1!"

// user makes a user with a profile and returns its key.
func (g *gatePool) user(address string, access profile.Access) profile.Key {
	g.t.Helper()
	out, err := g.client.AdminCreateUser(g.t.Context(), &cognitoidentityprovider.AdminCreateUserInput{
		UserPoolId: &g.pool.ID, Username: &address, MessageAction: types.MessageActionTypeSuppress,
		UserAttributes: []types.AttributeType{
			{Name: aws.String("email"), Value: &address}, {Name: aws.String("email_verified"), Value: aws.String("true")},
		},
	})
	g.must(err)
	_, err = g.client.AdminSetUserPassword(g.t.Context(), &cognitoidentityprovider.AdminSetUserPasswordInput{
		UserPoolId: &g.pool.ID, Username: &address, Password: aws.String(gatePassword), Permanent: true,
	})
	g.must(err)
	key := profile.Key{UserPoolID: g.pool.ID}
	for _, attribute := range out.User.Attributes {
		if *attribute.Name == "sub" {
			key.Sub = *attribute.Value
		}
	}
	_, err = local.Profiles.Create(g.t.Context(), profile.Profile{Key: key, Access: access})
	g.must(err)
	return key
}

// signIn signs a user in with the password and returns the text of a refusal.
func (g *gatePool) signIn(address, client string) string {
	_, err := g.client.InitiateAuth(g.t.Context(), &cognitoidentityprovider.InitiateAuthInput{
		AuthFlow: types.AuthFlowTypeUserPasswordAuth, ClientId: &client,
		AuthParameters: map[string]string{"USERNAME": address, "PASSWORD": gatePassword},
	})
	var refused *types.UserLambdaValidationException
	switch {
	case errors.As(err, &refused):
		return refused.ErrorMessage()
	case err != nil:
		g.t.Error(err)
	}
	return ""
}

func address(name string) string {
	return name + "." + strings.ToLower(rand.Text()[:8]) + "@example.com"
}

// The local pool refuses a suspended or locked user with the rule's text, and lets others in.
func TestRulesRefuseSignIns(t *testing.T) {
	g := newGatePool(t, nil, nil)
	const prefix = "PreAuthentication failed with error "
	for name, c := range map[string]struct {
		access profile.Access
		want   string
	}{
		"suspended": {
			access: profile.Access{Suspended: true}, want: prefix + "This account is suspended. Please contact support.",
		},
		"locked": {
			access: profile.Access{LockedUntil: time.Now().Add(time.Hour)},
			want:   prefix + "This account is locked for some time. Please try again later.",
		},
		"neither": {access: profile.Access{LockedUntil: time.Now().Add(-time.Second)}},
	} {
		who := address(name)
		key := g.user(who, c.access)
		if got := g.signIn(who, g.pool.Clients["app"]); got != c.want {
			t.Errorf("%s: refused with %q, want %q", name, got, c.want)
		}
		if p := stored(t, key); (p.Count == 0) != (c.want != "") {
			t.Errorf("%s: %d sign-ins are recorded", name, p.Count)
		}
	}
}

const (
	eventBridge = "AWS_ENDPOINT_URL_EVENTBRIDGE"
	auditBus    = "arn:aws:events:eu-west-1:123456789012:event-bus/audit"

	staffRule  = `{"rules":[{"rule":"groups","anyOf":["staff"],"text":"For staff","onUnavailable":"refuse"}]}`
	openRule   = `{"rules":[{"rule":"suspended","text":"Suspended","onUnavailable":"allow"}]}`
	closedRule = `{"rules":[{"rule":"suspended","text":"Suspended","onUnavailable":"refuse"}]}`
)

// While the table of profiles is down, each rule does what it says, and post authentication lets the user in.
func TestSignInsWithoutTheTable(t *testing.T) {
	down := map[string]string{dynamoDB: newSwitched(t).url}
	for name, rules := range map[string]string{"open": openRule, "closed": closedRule} {
		t.Run(name, func(t *testing.T) {
			pre := map[string]string{"SIGN_IN_RULES": rules}
			maps.Copy(pre, down)
			g := newGatePool(t, pre, down)
			who := address(name)
			g.user(who, profile.Access{Suspended: true})
			got := g.signIn(who, g.pool.Clients["app"])
			if closed := name == "closed"; (got != "") != closed || strings.Contains(got, "Suspended") {
				t.Errorf("refused with %q", got)
			}
			g.pre.Kill()
			g.post.Kill()
			counters := map[string]int{"ProfilesUnavailable": g.pre.counted("ProfilesUnavailable")}
			if name == "open" {
				counters["RulesPassed"] = g.pre.counted("RulesPassed")
				counters["SignInsNotRecorded"] = g.post.counted("SignInsNotRecorded")
			} else {
				counters["SignInsUndecided"] = g.pre.counted("SignInsUndecided")
			}
			for counter, n := range counters {
				if n == 0 {
					t.Errorf("%s is not counted", counter)
				}
			}
		})
	}
}

// Many sign-ins of a user within the interval make one write; a new app client is told of once.
func TestManySignInsAreRecordedOnce(t *testing.T) {
	if err := local.Emulator.VerifyEmailIdentity(t.Context(), sender); err != nil {
		t.Fatal(err)
	}
	g := newGatePool(t, nil, map[string]string{"NOTICE_EMAIL_FROM": sender})
	other, err := g.client.CreateUserPoolClient(t.Context(), &cognitoidentityprovider.CreateUserPoolClientInput{
		UserPoolId: &g.pool.ID, ClientName: aws.String("other"),
		ExplicitAuthFlows: []types.ExplicitAuthFlowsType{types.ExplicitAuthFlowsTypeAllowUserPasswordAuth},
	})
	g.must(err)
	who := address("ines")
	key := g.user(who, profile.Access{})
	sign := func(times int, client string) {
		var wait sync.WaitGroup
		for range 4 {
			wait.Go(func() {
				for range times / 4 {
					if refused := g.signIn(who, client); refused != "" {
						t.Error(refused)
					}
				}
			})
		}
		wait.Wait()
	}
	wantMails := func(want int) {
		t.Helper()
		mails, err := local.Emulator.SentEmails(t.Context())
		g.must(err)
		got := 0
		for _, mail := range mails {
			if slices.Contains(mail.To, who) {
				got++
			}
		}
		if got != want {
			t.Errorf("%d notices, want %d", got, want)
		}
	}
	sign(100, g.pool.Clients["app"])
	if p := stored(t, key); p.Count != 1 || len(p.Clients) != 1 {
		t.Errorf("after 100 sign-ins: %+v, want one write", p.SignIns)
	}
	wantMails(0)
	sign(8, *other.UserPoolClient.ClientId)
	if p := stored(t, key); p.Count != 2 || len(p.Clients) != 2 {
		t.Errorf("after sign-ins with another app client: %+v, want two writes", p.SignIns)
	}
	wantMails(1)
	g.post.Kill()
	if n := g.post.counted("SignInsRecorded"); n != 2 {
		t.Errorf("SignInsRecorded is %d, want 2", n)
	}
}

// A process that dies leaves nothing behind that keeps the next delivery from finishing: there is no lock.
func TestSignInDiesAtEachCall(t *testing.T) {
	for name, c := range map[string]struct {
		dieBefore, dieAfter string
		wantMails           int
	}{
		"before the sign-in is recorded": {dieBefore: "UpdateItem", wantMails: 1},
		"after the sign-in is recorded":  {dieAfter: "UpdateItem"}, // it is unknown whether the notice was sent
		"before the notice is sent":      {dieBefore: "SendEmail"},
		"after the notice is sent":       {dieAfter: "SendEmail", wantMails: 1},
	} {
		t.Run(name, func(t *testing.T) {
			if err := local.Emulator.VerifyEmailIdentity(t.Context(), sender); err != nil {
				t.Fatal(err)
			}
			gate, one := newGate(t), newCrowd(1)
			before := profile.SignIns{Last: time.Now().Add(-time.Hour), Count: 1, Clients: []string{"known"}}
			if _, err := local.Profiles.Create(t.Context(), profile.Profile{Key: one.key(0), SignIns: before}); err != nil {
				t.Fatal(err)
			}
			f := start(t, "post-authentication", map[string]string{
				"NOTICE_EMAIL_FROM": sender, dynamoDB: gate.url, ses: gate.url, "AWS_ENDPOINT_URL": gate.url,
			})
			gate.before, gate.after = killOnce(f, c.dieBefore), killOnce(f, c.dieAfter)
			e := event(t, cognito.PostAuthenticationAuthentication, "", person(one.pool, one.sub(0), one.email(0)))
			_, err := f.Invoke(t.Context(), e)
			wantDeath(t, err)
			f.invoke(t, e).passed(t, e)
			if p := stored(t, one.key(0)); p.Count != 2 || len(p.Clients) != 2 {
				t.Errorf("recorded %+v, want one more sign-in", p.SignIns)
			}
			if mails := one.mails(t)[0]; mails != c.wantMails {
				t.Errorf("%d notices, want %d", mails, c.wantMails)
			}
		})
	}
}
