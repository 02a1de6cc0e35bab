package userpool

import (
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"cognito-triggers/local/userpool/poolclient"
	"cognito-triggers/local/userpool/state"
)

var longAnswers = flag.Int("long-answers", 0,
	"calls of TestLongAnswersArrive, which is skipped without any; some of 1000 fail without the delay")

func TestLongAnswersToTheGoSDKAreDelayed(t *testing.T) {
	t.Parallel()
	const sdk = "aws-sdk-go-v2/1.41.1 ua/2.1 os/linux lang/go#1.26 api/cognitoidentityprovider#1.59.0"
	for name, c := range map[string]struct {
		agent  string
		length int
		waits  int
	}{
		"long":         {agent: sdk, length: 5000, waits: 1},
		"as Terraform": {agent: "APN/1.0 HashiCorp/1.0 Terraform/1.11.4 " + sdk, length: 5000, waits: 1},
		"short":        {agent: sdk, length: 3072, waits: 0},
		"boto3":        {agent: "Boto3/1.42.1 md/Botocore#1.42.1", length: 5000, waits: 0},
		"nobody":       {length: 5000, waits: 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			waits := 0
			r := httptest.NewRequest(http.MethodPost, "/", nil)
			r.Header.Set("User-Agent", c.agent)
			recorded := httptest.NewRecorder()
			w := unhurried{recorded, r, func() { waits++ }}
			w.Header().Set("Content-Length", strconv.Itoa(c.length))
			w.WriteHeader(http.StatusTeapot)
			if waits != c.waits || recorded.Code != http.StatusTeapot {
				t.Errorf("%d waits, status %d; want %d, %d", waits, recorded.Code, c.waits, http.StatusTeapot)
			}
		})
	}
}

// A user's program has the SDK's own transport. Chance decides about each call, so this is not a part of every run.
func TestLongAnswersArrive(t *testing.T) {
	t.Parallel()
	if *longAnswers == 0 {
		t.Skip("give a number with -long-answers")
	}
	d := startDirect(t, object{}, nil)
	for i := range 60 {
		user := state.User{Username: fmt.Sprintf("user-%d", i), Status: state.Confirmed,
			Attributes: map[string]string{"sub": fmt.Sprintf("sub-%d", i), "email": fmt.Sprintf("u%d@example.org", i)}}
		if err := d.server.Store().CreateUser(d.pool, user, state.KeepAliases); err != nil {
			t.Fatal(err)
		}
	}
	served := httptest.NewServer(d.server)
	defer served.Close()
	options := poolclient.New(served.URL, "eu-west-1").Options()
	options.HTTPClient = &http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone()}
	client := cip.New(options)
	for i := range *longAnswers {
		page, err := client.ListUsers(t.Context(), &cip.ListUsersInput{UserPoolId: aws.String(d.pool)})
		if err != nil || len(page.Users) != 60 {
			t.Fatalf("call %d: %v", i+1, err)
		}
	}
}
