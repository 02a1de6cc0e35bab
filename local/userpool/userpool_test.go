package userpool

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"

	"cognito-triggers/local/userpool/seed"
	"cognito-triggers/local/userpool/state"
)

var pool = aws.String("eu-west-1_Pool")

// open serves a pool with these users and returns an SDK client.
func open(t *testing.T, users ...seed.User) (*Server, *cip.Client) {
	t.Helper()
	s := Open(Options{})
	people := seed.Pool{ID: *pool, Users: users, Groups: []string{"members"}}
	if err := people.Put(s.Store(), time.Now()); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return s, cip.New(cip.Options{
		Region: "eu-west-1", BaseEndpoint: &server.URL, RetryMaxAttempts: 1, HTTPClient: server.Client(),
		Credentials: aws.CredentialsProviderFunc(func(_ context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
		}),
	})
}

func native(name, email string) seed.User {
	return seed.User{
		Name: name, Status: "CONFIRMED", Attributes: map[string]string{"sub": "sub-" + name, "email": email},
	}
}

func TestListUsersFilter(t *testing.T) {
	_, client := open(t, native("ines", "Ines@example.org"), native("ida", "ida@example.org"),
		native("quote", `"q\"@example.org`))
	cases := map[string]struct {
		filter string
		want   []string
	}{
		"equal, any case": {filter: `email = "ines@EXAMPLE.org"`, want: []string{"ines"}},
		"prefix":          {filter: `username ^= "i"`, want: []string{"ida", "ines"}},
		"escaped":         {filter: `email = "\"q\\\"@example.org"`, want: []string{"quote"}},
		"absent":          {filter: `phone_number = ""`, want: nil},
		"all":             {filter: "", want: []string{"ida", "ines", "quote"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			out, err := client.ListUsers(t.Context(), &cip.ListUsersInput{UserPoolId: pool, Filter: &c.filter})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, user := range out.Users {
				got = append(got, *user.Username)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("users = %v, want %v", got, c.want)
			}
		})
	}
}

func TestLinkIdentities(t *testing.T) {
	s, client := open(t, native("ines", "ines@example.org"))
	link := func(subject string) error {
		_, err := client.AdminLinkProviderForUser(t.Context(), &cip.AdminLinkProviderForUserInput{
			UserPoolId: pool,
			DestinationUser: &types.ProviderUserIdentifierType{ProviderName: aws.String("Cognito"),
				ProviderAttributeValue: aws.String("ines")},
			SourceUser: &types.ProviderUserIdentifierType{ProviderName: aws.String("Google"),
				ProviderAttributeName: aws.String("Cognito_Subject"), ProviderAttributeValue: &subject},
		})
		return err
	}
	for _, subject := range []string{"1", "2", "3", "4", "5"} {
		if err := link(subject); err != nil {
			t.Fatal(err)
		}
	}
	wantError(t, link("1"), "InvalidParameterException")
	wantError(t, link("6"), "LimitExceededException")
	user, err := client.AdminGetUser(t.Context(),
		&cip.AdminGetUserInput{UserPoolId: pool, Username: aws.String("sub-ines")})
	if err != nil || *user.Username != "ines" {
		t.Fatalf("user = %v, error %v", user, err)
	}
	ines, err := s.Store().FindUser(*pool, "ines")
	if got := strings.Count(ines.Attributes["identities"], `"providerName":"Google"`); err != nil || got != 5 {
		t.Errorf("identities = %d, want 5", got)
	}
}

// Of parallel links of one identity to different users, one succeeds.
func TestOneIdentityForOneUser(t *testing.T) {
	t.Parallel()
	const rounds, users = 30, 16
	d := startDirect(t, nil, nil)
	name := func(round, i int) string { return fmt.Sprint(round*users + i) }
	for i := range rounds * users {
		u := state.User{Username: name(0, i), Status: state.Confirmed, Attributes: map[string]string{"sub": fmt.Sprint(i)}}
		if err := d.server.Store().CreateUser(d.pool, u, state.KeepAliases); err != nil {
			t.Fatal(err)
		}
	}
	for round := range rounds {
		subject := fmt.Sprint("subject-", round)
		got := parallel(users, func(i int) error {
			if _, out := d.call("AdminLinkProviderForUser", link(name(round, i), "Google", subject)); len(out) > 0 {
				return &smithy.GenericAPIError{Code: out["__type"].(string)}
			}
			return nil
		})
		if got[""] != 1 || got["InvalidParameterException"] != users-1 {
			t.Errorf("%s: answers = %v, want one success", subject, got)
		}
	}
	linked := 0
	for _, u := range d.server.Store().Users(d.pool) {
		if u.Attributes["identities"] != "" {
			linked++
		}
	}
	if linked != rounds {
		t.Errorf("%d users have an identity, want %d", linked, rounds)
	}
	d.do("AdminDisableProviderForUser", object{"User": object{"ProviderName": "Google",
		"ProviderAttributeName": "Cognito_Subject", "ProviderAttributeValue": "subject-0"}})
	d.do("AdminLinkProviderForUser", link(name(1, 0), "Google", "subject-0"))
}

// A federated user who has signed in before cannot become part of another user.
func TestLinkOfSignedUpIdentity(t *testing.T) {
	federated := native("Google_117", "ines@example.org")
	federated.Status = "EXTERNAL_PROVIDER"
	_, client := open(t, native("ines", "ines@example.org"), federated)
	_, err := client.AdminLinkProviderForUser(t.Context(), &cip.AdminLinkProviderForUserInput{
		UserPoolId: pool,
		DestinationUser: &types.ProviderUserIdentifierType{ProviderName: aws.String("Cognito"),
			ProviderAttributeValue: aws.String("ines")},
		SourceUser: &types.ProviderUserIdentifierType{ProviderName: aws.String("Google"),
			ProviderAttributeName: aws.String("Cognito_Subject"), ProviderAttributeValue: aws.String("117")},
	})
	wantMessage(t, err, "InvalidParameterException", "Merging is not currently supported, provide a SourceUser that has "+
		"not been signed up in order to link")
}

func TestGroupsAndErrors(t *testing.T) {
	s, client := open(t, native("ines", "ines@example.org"))
	add := func(name string) error {
		_, err := client.AdminAddUserToGroup(t.Context(),
			&cip.AdminAddUserToGroupInput{UserPoolId: pool, Username: &name, GroupName: aws.String("members")})
		return err
	}
	if err := errors.Join(add("ines"), add("INES")); err != nil {
		t.Fatal(err)
	}
	if got := s.Store().Members(*pool, "members"); !slices.Equal(got, []string{"ines"}) {
		t.Errorf("members = %v", got)
	}
	wantError(t, add("nobody"), "UserNotFoundException")
	_, err := client.GetCSVHeader(t.Context(), &cip.GetCSVHeaderInput{UserPoolId: pool})
	wantError(t, err, "UnknownOperationException")
	if got := s.Calls().Operations(); len(got) != 3 {
		t.Errorf("calls = %v", got)
	}
}

func wantError(t *testing.T, err error, code string) {
	t.Helper()
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != code {
		t.Errorf("error = %v, want %s", err, code)
	}
}
