package dynamo

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/internal/dynamoitem"
	"cognito-triggers/shared/profile"
	"cognito-triggers/shared/profile/storetest"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/tables"
)

// TestStore runs the suite on a table in memory and, where the environment names a DynamoDB endpoint, on that one too.
func TestStore(t *testing.T) {
	t.Run("fake", func(t *testing.T) {
		storetest.Run(t, func(*testing.T) profile.Store { return storeOn(newFake()) })
	})
	if endpoint := cmp.Or(os.Getenv("AWS_ENDPOINT_URL_DYNAMODB"), os.Getenv("AWS_ENDPOINT_URL")); endpoint != "" {
		t.Run("endpoint", func(t *testing.T) {
			client, table := realTable(t, endpoint)
			storetest.Run(t, func(*testing.T) profile.Store { return New(func() API { return client }, table) })
		})
	}
}

func storeOn(f *fake) *Store { return New(func() API { return f }, "profiles") }

// realTable makes a table at the endpoint that goes away with the test.
func realTable(t *testing.T, endpoint string) (*dynamodb.Client, string) {
	t.Helper()
	env := settings.FromMap(map[string]string{
		"AWS_ENDPOINT_URL_DYNAMODB": endpoint,
		"AWS_REGION":                cmp.Or(os.Getenv("AWS_REGION"), "eu-west-1"),
		"AWS_ACCESS_KEY_ID":         cmp.Or(os.Getenv("AWS_ACCESS_KEY_ID"), "local"),
		"AWS_SECRET_ACCESS_KEY":     cmp.Or(os.Getenv("AWS_SECRET_ACCESS_KEY"), "local"),
		"AWS_SESSION_TOKEN":         os.Getenv("AWS_SESSION_TOKEN"),
	})
	client := dynamodb.NewFromConfig(awsenv.Config(env, "DYNAMODB"))
	if err := env.Err(); err != nil {
		t.Fatal(err)
	}
	table := "profiles-" + rand.Text()
	for range 2 { // the second call meets the table that the first one made
		if err := tables.CreateProfiles(t.Context(), client, table); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		if err := tables.Delete(context.WithoutCancel(t.Context()), client, table); err != nil {
			t.Error(err)
		}
	})
	return client, table
}

func exampleProfile() profile.Profile {
	at := time.Date(2026, 3, 14, 15, 9, 26, 0, time.UTC)
	return profile.Profile{
		Key:        profile.Key{UserPoolID: "eu-west-1_Qk7Lm2XyZ", Sub: "6f0c"},
		Username:   "ines.moreau",
		Attributes: map[string]string{"email": "ines@example.org"},
		Identities: []profile.Identity{{ProviderName: "Google", UserID: "107", Primary: true, DateCreated: at}},
		CreatedAt:  at, UpdatedAt: at,
		SchemaVersion: 1,
		CreatedBy:     "PostConfirmation_ConfirmSignUp",
	}
}

func TestItemHasTheDocumentedAttributes(t *testing.T) {
	f := newFake()
	if _, err := storeOn(f).Create(t.Context(), exampleProfile()); err != nil {
		t.Fatal(err)
	}
	stored := f.items["eu-west-1_Qk7Lm2XyZ#6f0c"]
	want := []string{"attributes", "created_at", "created_by", "identities", "pk", "schema_version", "sub", "updated_at",
		"user_pool_id", "username"}
	if got := names(stored); !slices.Equal(got, want) {
		t.Errorf("attributes %v, want %v", got, want)
	}
	if got := stored["created_at"].(*types.AttributeValueMemberS).Value; got != "2026-03-14T15:09:26.000Z" {
		t.Errorf("created_at %q", got)
	}
}

func TestTombstoneHoldsNoPersonalData(t *testing.T) {
	f := newFake()
	s, p := storeOn(f), exampleProfile()
	if _, err := s.Create(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if err := s.Delete(t.Context(), p.Key, p.CreatedAt, 24*time.Hour); err != nil {
		t.Fatal(err)
	}
	stored := f.items[p.Key.String()]
	if got, want := names(stored), []string{"deleted_at", "expires_at", "pk", "schema_version"}; !slices.Equal(got, want) {
		t.Errorf("attributes %v, want %v", got, want)
	}
	if got := stored["expires_at"].(*types.AttributeValueMemberN).Value; got != "1773587366" {
		t.Errorf("expires_at %s, want a day after the deletion in seconds", got)
	}
}

// A claim whose answer got lost is repeated by the client: the repetition is refused by the claim's own trace, and must
// still count as won.
func TestClaimWonByAnEarlierAttempt(t *testing.T) {
	f := newFake()
	p := exampleProfile()
	retrying := New(func() API { return repeating{fake: f} }, "profiles")
	if _, err := retrying.Create(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	f.failAfter = errors.New("connection reset")
	if won, err := retrying.ClaimWelcome(t.Context(), p.Key, p.CreatedAt); err != nil || !won {
		t.Errorf("first claim: %v, error %v; want true", won, err)
	}
	if won, err := retrying.ClaimWelcome(t.Context(), p.Key, p.CreatedAt); err != nil || won {
		t.Errorf("second claim: %v, error %v; want false", won, err)
	}
}

func TestErrorsAreWrapped(t *testing.T) {
	down := errors.New("service down")
	f := newFake()
	s, p := storeOn(f), exampleProfile()
	calls := map[string]func() error{
		"create profile":     func() error { _, err := s.Create(t.Context(), p); return err },
		"get profile":        func() error { _, err := s.Get(t.Context(), p.Key); return err },
		"claim welcome mail": func() error { _, err := s.ClaimWelcome(t.Context(), p.Key, p.CreatedAt); return err },
		"update profile": func() error {
			_, err := s.UpdateAttributes(t.Context(), p.Key, map[string]string{"name": "x"}, p.CreatedAt)
			return err
		},
		"delete profile": func() error { return s.Delete(t.Context(), p.Key, p.CreatedAt, time.Hour) },
	}
	for what, call := range calls {
		f.failBefore = down
		if err := call(); !errors.Is(err, down) || !strings.HasPrefix(err.Error(), what) {
			t.Errorf("%s: error %v", what, err)
		}
	}
}

func TestDecodeNamesTheAttributeThatIsWrong(t *testing.T) {
	cases := []struct {
		name  string
		value types.AttributeValue
	}{
		{name: "username", value: dynamoitem.Number(1)},
		{name: "attributes", value: dynamoitem.Text("email=ines@example.org")},
		{name: "identities", value: dynamoitem.Text("[]")},
		{name: "identities", value: &types.AttributeValueMemberL{Value: []types.AttributeValue{dynamoitem.Text("Google")}}},
		{name: "created_at", value: dynamoitem.Text("yesterday")},
		{name: "schema_version", value: dynamoitem.Text("1")},
		{name: "schema_version", value: &types.AttributeValueMemberN{Value: "1.5"}},
	}
	for _, c := range cases {
		i := encode(exampleProfile())
		i[c.name] = c.value
		_, err := decode(i)
		if err == nil || !strings.Contains(err.Error(), c.name) {
			t.Errorf("%s as %T: error %v", c.name, c.value, err)
		}
	}
}

// Items of other writers with fewer or more attributes than encode writes are not errors.
func TestDecodeIsLenient(t *testing.T) {
	i := dynamoitem.Item{
		"pk":             dynamoitem.Text("p#s"),
		"schema_version": dynamoitem.Number(7),
		"username":       &types.AttributeValueMemberNULL{Value: true},
		"future":         dynamoitem.Number(1),
	}
	got, err := decode(i)
	want := profile.Profile{Attributes: map[string]string{}, SchemaVersion: 7}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("decode: %+v, %v; want %+v", got, err, want)
	}
}

func names(i dynamoitem.Item) []string {
	var all []string
	for name := range i {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}
