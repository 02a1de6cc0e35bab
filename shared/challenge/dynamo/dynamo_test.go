package dynamo

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/challenge"
	"cognito-triggers/shared/challenge/storetest"
	"cognito-triggers/shared/internal/dynamoitem"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/tables"
)

// TestStore runs the suite on a table in memory, also with every write sent twice, and, where the environment names a
// DynamoDB endpoint, on that one too.
func TestStore(t *testing.T) {
	t.Run("fake", func(t *testing.T) {
		storetest.Run(t, func(*testing.T) challenge.Store { return onFake(&fake{}) })
	})
	if endpoint := cmp.Or(os.Getenv("AWS_ENDPOINT_URL_DYNAMODB"), os.Getenv("AWS_ENDPOINT_URL")); endpoint != "" {
		t.Run("endpoint", func(t *testing.T) {
			client := newClient(t, endpoint)
			storetest.Run(t, func(t *testing.T) challenge.Store { return onTable(t, client) })
		})
	}
}

func newClient(t *testing.T, endpoint string) *dynamodb.Client {
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
	return client
}

// onTable is a store in a table that goes away with the test.
func onTable(t *testing.T, client *dynamodb.Client) challenge.Store {
	t.Helper()
	table := "challenges-" + rand.Text()
	if err := tables.Create(t.Context(), client, table, pk); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tables.Delete(context.WithoutCancel(t.Context()), client, table); err != nil {
			t.Error(err)
		}
	})
	return New(func() API { return client }, table)
}

var (
	user   = challenge.User{PoolID: "eu-west-1_Qk7Lm2XyZ", Name: "ines.moreau"}
	policy = challenge.Policy{
		Digits: 8, CodeLasts: time.Minute, Resend: time.Minute, Sends: challenge.Rolling{Most: 5, Within: time.Hour},
	}
	limit = challenge.Rolling{Most: 5, Within: time.Hour}
)

func deskOf(f *fake) challenge.Desk { return challenge.Desk{Store: onFake(f), Now: time.Now} }

func answer(t *testing.T, d challenge.Desk, o challenge.Offer) challenge.Verdict {
	t.Helper()
	verdict, err := d.Answer(t.Context(), user, limit,
		challenge.Claim{Method: challenge.EmailCode, ID: o.ID, Answer: o.Secret})
	if err != nil {
		t.Fatal(err)
	}
	return verdict
}

// A write whose answer gets lost is sent again by the SDK, and then fails its own condition.
func TestRepeatedWrites(t *testing.T) {
	t.Parallel()
	f := &fake{}
	d := deskOf(f)
	if _, err := d.Store.Secret(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.twice = true
	offer, err := d.Ask(t.Context(), user, policy, challenge.EmailCode)
	if err != nil || offer.Secret == "" {
		t.Fatalf("offer %+v, error %v: the message is not sent", offer, err)
	}
	if got := answer(t, d, offer); got != challenge.Right {
		t.Errorf("verdict %v for the right code", got)
	}
}

// A record that its time to live has removed meanwhile is made anew.
func TestRecordRemovedMeanwhile(t *testing.T) {
	t.Parallel()
	f := &fake{items: map[string]dynamoitem.Item{}}
	s := onFake(f)
	_, err := s.Save(t.Context(), "user#1", challenge.Versioned{Version: 7})
	if !errors.Is(err, challenge.ErrConflict) {
		t.Errorf("error %v, want a conflict", err)
	}
}

// What cannot be read must not count as no record, which would lift the limits.
func TestDamagedRecords(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]func(dynamoitem.Item){
		"version":    func(i dynamoitem.Item) { i[version] = dynamoitem.Text("1") },
		"no version": func(i dynamoitem.Item) { delete(i, version) },
		"wrong":      func(i dynamoitem.Item) { i[wrong] = dynamoitem.Text("none") },
		"sends":      func(i dynamoitem.Item) { i[sends] = dynamoitem.Number(1) },
		"code":       func(i dynamoitem.Item) { i[code] = dynamoitem.Text("12345678") },
		"no end":     func(i dynamoitem.Item) { delete(i, expiresAt) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &fake{items: map[string]dynamoitem.Item{}}
			d := deskOf(f)
			if _, err := d.Ask(t.Context(), user, policy, challenge.EmailCode); err != nil {
				t.Fatal(err)
			}
			for at, stored := range f.items {
				if at != secretName {
					damage(stored)
				}
			}
			_, err := d.Answer(t.Context(), user, limit, challenge.Claim{Method: challenge.EmailCode})
			if err == nil || !strings.Contains(err.Error(), "item attribute") {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestSecretIsMadeOnce(t *testing.T) {
	t.Parallel()
	f := &fake{items: map[string]dynamoitem.Item{}}
	first, err := onFake(f).Secret(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if again, err := onFake(f).Secret(t.Context()); err != nil || !bytes.Equal(first, again) {
		t.Errorf("another process has another secret, error %v", err)
	}
	f.items[secretName]["secret"] = dynamoitem.Text("not hexadecimal")
	if _, err := onFake(f).Secret(t.Context()); err == nil {
		t.Error("a damaged secret is accepted")
	}
}

// The table has no name, address or code of a user.
func TestItemsSayNothingAboutUsers(t *testing.T) {
	t.Parallel()
	f := &fake{items: map[string]dynamoitem.Item{}}
	d := deskOf(f)
	offer, err := d.Ask(t.Context(), user, policy, challenge.EmailCode)
	if err != nil {
		t.Fatal(err)
	}
	for name, stored := range f.items {
		v, _ := decode(stored)
		for _, private := range []string{offer.Secret, user.Name, user.PoolID} {
			if strings.Contains(name, private) || v.Code != nil && strings.Contains(v.Code.Hash, private) {
				t.Errorf("an item has %s", private)
			}
		}
	}
}
