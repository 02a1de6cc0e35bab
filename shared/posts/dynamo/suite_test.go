package dynamo_test

import (
	"cmp"
	"context"
	"crypto/rand"
	"os"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/posts"
	"cognito-triggers/shared/posts/dynamo"
	"cognito-triggers/shared/posts/storetest"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/tables"
)

// TestStore runs the suite on a table in memory and, where the environment names a DynamoDB endpoint, on that one too.
func TestStore(t *testing.T) {
	t.Run("fake", func(t *testing.T) {
		storetest.Run(t, func(*testing.T) storetest.Opened {
			open := dynamo.OnFake()
			return storetest.Opened{Store: open(), Another: func() posts.Store { return open() }}
		})
	})
	if endpoint := cmp.Or(os.Getenv("AWS_ENDPOINT_URL_DYNAMODB"), os.Getenv("AWS_ENDPOINT_URL")); endpoint != "" {
		t.Run("endpoint", func(t *testing.T) {
			client := newClient(t, endpoint)
			storetest.Run(t, func(t *testing.T) storetest.Opened { return onTable(t, client) })
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
func onTable(t *testing.T, client *dynamodb.Client) storetest.Opened {
	t.Helper()
	table := "posts-" + rand.Text()
	for range 2 { // the second call meets the table that the first one made
		if err := tables.CreatePosts(t.Context(), client, table); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		if err := tables.Delete(context.WithoutCancel(t.Context()), client, table); err != nil {
			t.Error(err)
		}
	})
	return storetest.Opened{
		Store: dynamo.New(func() dynamo.API { return client }, table),
		Fill:  func(ctx context.Context, many []posts.Post) error { return tables.FillPosts(ctx, client, table, many) },
	}
}
