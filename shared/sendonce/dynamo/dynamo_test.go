package dynamo

import (
	"cmp"
	"context"
	"crypto/rand"
	"maps"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/internal/dynamoitem"
	"cognito-triggers/shared/sendonce"
	"cognito-triggers/shared/sendonce/storetest"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/tables"
)

// TestStore runs the suite on a table in memory and, where the environment names a DynamoDB endpoint, on that one too.
func TestStore(t *testing.T) {
	t.Run("fake", func(t *testing.T) {
		storetest.Run(t, func(*testing.T) sendonce.Store { return storeOn(newFake()) })
	})
	endpoint := cmp.Or(os.Getenv("AWS_ENDPOINT_URL_DYNAMODB"), os.Getenv("AWS_ENDPOINT_URL"))
	if endpoint == "" {
		return
	}
	env := settings.FromMap(map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": endpoint, "AWS_REGION": "eu-west-1",
		"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"})
	client := dynamodb.NewFromConfig(awsenv.Config(env, "DYNAMODB"))
	table := "sent-" + rand.Text()
	if err := cmp.Or(env.Err(), tables.Create(t.Context(), client, table, "pk")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tables.Delete(context.WithoutCancel(t.Context()), client, table); err != nil {
			t.Error(err)
		}
	})
	t.Run("endpoint", func(t *testing.T) {
		storetest.Run(t, func(*testing.T) sendonce.Store { return New(func() API { return client }, table) })
	})
}

func storeOn(f *fake) *Store { return New(func() API { return f }, "sent") }

// fake is a table in memory that knows the store's own expressions.
type fake struct {
	mu       sync.Mutex
	items    map[string]dynamoitem.Item
	requests int
	lose     error // returned after the next write is done
}

func newFake() *fake { return &fake{items: map[string]dynamoitem.Item{}} }

func (f *fake) PutItem(ctx context.Context, in *dynamodb.PutItemInput, _ ...func(*dynamodb.Options)) (
	*dynamodb.PutItemOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f.requests++
	key := in.Item["pk"].(*types.AttributeValueMemberS).Value
	old, exists := f.items[key]
	fits := !exists
	if *in.ConditionExpression == unchanged {
		fits = exists && old["holder"].(*types.AttributeValueMemberS).Value ==
			in.ExpressionAttributeValues[":holder"].(*types.AttributeValueMemberS).Value
	}
	if !fits {
		return nil, &types.ConditionalCheckFailedException{Item: maps.Clone(old)}
	}
	f.items[key] = maps.Clone(in.Item)
	err := f.lose
	f.lose = nil
	return &dynamodb.PutItemOutput{}, err
}

func (f *fake) UpdateItem(ctx context.Context, in *dynamodb.UpdateItemInput, _ ...func(*dynamodb.Options)) (
	*dynamodb.UpdateItemOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	count := func(value types.AttributeValue) int {
		n, _ := value.(*types.AttributeValueMemberN)
		if n == nil {
			return 0
		}
		number, _ := strconv.Atoi(n.Value)
		return number
	}
	key := in.Key["pk"].(*types.AttributeValueMemberS).Value
	sent := count(f.items[key]["sent"])
	if *in.ConditionExpression != below || sent >= count(in.ExpressionAttributeValues[":limit"]) {
		return nil, &types.ConditionalCheckFailedException{}
	}
	f.items[key] = dynamoitem.Item{"pk": in.Key["pk"], "sent": dynamoitem.Number(int64(sent + 1)),
		"expires_at": in.ExpressionAttributeValues[":end"]}
	return &dynamodb.UpdateItemOutput{}, nil
}

// The common way, a new message, takes one request to claim.
func TestRequests(t *testing.T) {
	t.Parallel()
	f := newFake()
	c := sendonce.Claim{Key: "k", Payload: "p", Holder: "h", Now: time.Now(), Until: time.Now().Add(time.Second)}
	if standing, err := storeOn(f).Claim(t.Context(), c); standing != sendonce.First || err != nil || f.requests != 1 {
		t.Errorf("standing %v, error %v, %d requests", standing, err, f.requests)
	}
}

// The client repeats a request whose answer was lost; the claim is still this holder's.
func TestLostAnswer(t *testing.T) {
	t.Parallel()
	f := newFake()
	f.lose = context.DeadlineExceeded
	c := sendonce.Claim{Key: "k", Payload: "p", Holder: "h", Now: time.Now(), Until: time.Now().Add(time.Second)}
	if _, err := storeOn(f).Claim(t.Context(), c); err == nil {
		t.Fatal("the answer was not lost")
	}
	if standing, err := storeOn(f).Claim(t.Context(), c); standing != sendonce.First || err != nil {
		t.Errorf("standing %v, error %v", standing, err)
	}
	c.Holder = "other"
	if standing, err := storeOn(f).Claim(t.Context(), c); standing != sendonce.Busy || err != nil {
		t.Errorf("another's: standing %v, error %v", standing, err)
	}
}

func TestCountersEnd(t *testing.T) {
	t.Parallel()
	f, now := newFake(), time.Date(2026, 11, 30, 10, 20, 0, 0, time.UTC)
	if _, err := storeOn(f).Count(t.Context(), "k", 1, time.Hour, now); err != nil {
		t.Fatal(err)
	}
	end, _ := f.items["count#k#20261130T100000"]["expires_at"].(*types.AttributeValueMemberN)
	if want := strconv.FormatInt(now.Truncate(time.Hour).Add(2*time.Hour).Unix(), 10); end == nil || end.Value != want {
		t.Errorf("items %v", f.items)
	}
}
