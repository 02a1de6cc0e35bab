package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/userpool"
	"cognito-triggers/local/userpool/poolclient"
)

// byHand is a pool that Terraform does not manage, and a Lambda service that has every function and no policies.
type byHand struct {
	t     *testing.T
	pools *cip.Client
	id    string
	added atomic.Int32 // permissions
}

// poolByHand sets up an AWS profile and the endpoint variables for the command.
func poolByHand(t *testing.T) *byHand {
	t.Helper()
	b := &byHand{t: t}
	pools := httptest.NewServer(userpool.Open(userpool.Options{}))
	t.Cleanup(pools.Close)
	functions := httptest.NewServer(b)
	t.Cleanup(functions.Close)
	file := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(file, []byte("[profile staging]\naws_access_key_id = local\naws_secret_access_key = local\n"),
		0o600); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": pools.URL, "AWS_ENDPOINT_URL_LAMBDA": functions.URL,
		"AWS_CONFIG_FILE":             file,
		"AWS_SHARED_CREDENTIALS_FILE": os.DevNull, "AWS_PROFILE": "staging", "AWS_ACCESS_KEY_ID": "",
		"AWS_SECRET_ACCESS_KEY": "", "AWS_SESSION_TOKEN": "",
	} {
		t.Setenv(name, value)
	}
	b.pools = poolclient.New(pools.URL, "eu-west-1")
	made, err := b.pools.CreateUserPool(t.Context(),
		&cip.CreateUserPoolInput{PoolName: aws.String("people"), UserPoolTags: map[string]string{"team": "web"}})
	if err != nil {
		t.Fatal(err)
	}
	b.id = *made.UserPool.Id
	return b
}

func (b *byHand) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.Split(strings.TrimPrefix(r.URL.Path, "/2015-03-31/functions/"), "/")[0]
	switch {
	case strings.HasSuffix(r.URL.Path, "/configuration"):
		fmt.Fprintf(w, `{"FunctionArn":"arn:aws:lambda:eu-west-1:000000000000:function:%s"}`,
			name[strings.LastIndex(name, ":")+1:])
	case r.Method == http.MethodPost:
		b.added.Add(1)
		w.WriteHeader(http.StatusCreated)
		fmt.Fprint(w, `{}`)
	default:
		w.Header().Set("X-Amzn-Errortype", "ResourceNotFoundException")
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `{}`)
	}
}

// preSignUp returns the function attached to pre sign-up.
func (b *byHand) preSignUp() string {
	b.t.Helper()
	pool, err := b.pools.DescribeUserPool(b.t.Context(), &cip.DescribeUserPoolInput{UserPoolId: &b.id})
	if err != nil {
		b.t.Fatal(err)
	}
	if pool.UserPool.UserPoolTags["team"] != "web" {
		b.t.Errorf("tags %v", pool.UserPool.UserPoolTags)
	}
	if pool.UserPool.LambdaConfig == nil {
		pool.UserPool.LambdaConfig = &types.LambdaConfigType{}
	}
	return aws.ToString(pool.UserPool.LambdaConfig.PreSignUp)
}

func TestAttachAndDetach(t *testing.T) {
	b := poolByHand(t)
	const want = "    + pre_sign_up: arn:aws:lambda:eu-west-1:000000000000:function:shop-pre-sign-up\n"
	attach := []string{"attach", "--user-pool-id", b.id, "--trigger", "pre-sign-up", "--function-prefix", "shop-"}

	poolctl(t, local.Root, "", append(attach, "--dry-run")...).wants(t, 0, want, "")
	poolctl(t, local.Root, "", attach...).wants(t, 1, want, "nothing was changed; pass --yes to apply without asking")
	poolctl(t, local.Root, "no\n", attach...).wants(t, 1, "Apply these changes? [y/N]", "nothing was changed")
	if b.preSignUp() != "" || b.added.Load() != 0 {
		t.Fatal("something was changed without consent")
	}
	poolctl(t, local.Root, "y\n", attach...).wants(t, 0, "done; the pool was read again, and nothing else changed", "")
	if got := b.preSignUp(); !strings.HasSuffix(got, ":shop-pre-sign-up") || b.added.Load() != 1 {
		t.Errorf("the pool calls %q; %d permissions", got, b.added.Load())
	}
	detach := []string{"detach", "--user-pool-id", b.id, "--trigger", "pre-sign-up", "--yes"}
	poolctl(t, t.TempDir(), "", detach...).wants(t, 0, "    - pre_sign_up: ", "")
	if got := b.preSignUp(); got != "" {
		t.Errorf("the pool still calls %q", got)
	}
	poolctl(t, t.TempDir(), "", detach...).wants(t, 0, "nothing to change\n", "")
}

func TestAttachChoosesByARN(t *testing.T) {
	b := poolByHand(t)
	const arn = "arn:aws:lambda:eu-west-1:000000000000:function:guard:live"
	got := poolctl(t, local.Root, "", "attach", "--user-pool-id", b.id, "--function-arn", "pre-sign-up="+arn, "--yes")
	got.wants(t, 0, "+ pre_sign_up: "+arn, "")
	if strings.Contains(got.stdout, "post_confirmation") || b.preSignUp() != arn {
		t.Errorf("the pool calls %q; printed\n%s", b.preSignUp(), got.stdout)
	}
}

func TestAttachWithoutCredentials(t *testing.T) {
	b := poolByHand(t)
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	poolctl(t, local.Root, "", "detach", "--user-pool-id", b.id, "--profile", "production").wants(t, 1, "", "production")
	t.Setenv("AWS_PROFILE", "")
	got := poolctl(t, local.Root, "", "detach", "--user-pool-id", b.id)
	got.wants(t, 1, "", "no AWS credentials: name a profile with --profile")
}

func TestAttachUsage(t *testing.T) {
	cases := map[string]struct {
		args   []string
		stderr string
	}{
		"no pool":       {args: []string{"attach"}, stderr: "--user-pool-id: name the user pool"},
		"not a pool ID": {args: []string{"detach", "--user-pool-id", "people"}, stderr: `"people" is not a user pool ID`},
		"no trigger": {
			args:   []string{"attach", "--user-pool-id", "eu-west-1_A", "--trigger", "pre-signup"},
			stderr: `no trigger named "pre-signup"; choose one of `,
		},
		"ARN of an unknown trigger": {
			args:   []string{"attach", "--user-pool-id", "eu-west-1_A", "--function-arn", "x=arn:aws:lambda:a:b:function:c"},
			stderr: `no trigger named "x"`,
		},
		"no ARN": {
			args:   []string{"attach", "--user-pool-id", "eu-west-1_A", "--function-arn", "pre-sign-up"},
			stderr: "write it as pre-sign-up=arn:aws:lambda:",
		},
		"positional argument": {
			args:   []string{"detach", "--yes", "--user-pool-id", "eu-west-1_A", "pre-sign-up"},
			stderr: `unexpected argument "pre-sign-up"; name a trigger with --trigger`,
		},
		"value after a boolean flag": {
			args: []string{"attach", "--user-pool-id", "eu-west-1_A", "--yes", "false"}, stderr: `unexpected argument "false"`,
		},
		"no hook": {
			args:   []string{"detach", "--user-pool-id", "eu-west-1_A", "--trigger", "nothing"},
			stderr: `no trigger named "nothing"`,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			poolctl(t, local.Root, "", c.args...).wants(t, 1, "", c.stderr)
		})
	}
}

// Without names, the triggers are those that the pool's settings have on; a name chooses any.
func TestTriggersThatAreOff(t *testing.T) {
	all, err := chosenTriggers(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	on := map[string]bool{}
	for _, trigger := range all {
		on[trigger.Name] = true
	}
	if !on["pre-sign-up"] || !on["post-confirmation"] || on["pre-authentication"] || on["inbound-federation"] {
		t.Errorf("all triggers: %v", on)
	}
	named, err := chosenTriggers([]string{"inbound-federation"}, nil)
	if err != nil || len(named) != 1 || named[0].Hook != "inbound_federation" || named[0].Version != "V1_0" {
		t.Errorf("named %+v, error %v", named, err)
	}
}
