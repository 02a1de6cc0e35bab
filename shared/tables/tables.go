// Package tables makes the stores' tables where Terraform does not: for the local stack, and for tests against a real
// DynamoDB API. No function links it.
package tables

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// activeWithin is how long a new table may take until it can be used.
const activeWithin = 30 * time.Second

// CreateProfiles makes the profile table: the hash key `pk`. See Create for the rest.
func CreateProfiles(ctx context.Context, client *dynamodb.Client, name string) error {
	return Create(ctx, client, name, "pk")
}

// CreatePosts makes the posts table: the hash key `pk` and the range key `sk`. See Create for the rest.
func CreatePosts(ctx context.Context, client *dynamodb.Client, name string) error {
	return Create(ctx, client, name, "pk", "sk")
}

// Create makes a table whose keys are strings, with on-demand capacity and the time to live `expires_at`, and waits
// until it can be used. The first key is the hash key, a second one the range key. A table that exists already is left
// as it is, except that its time to live is switched on.
func Create(ctx context.Context, client *dynamodb.Client, name string, keys ...string) error {
	in := &dynamodb.CreateTableInput{TableName: &name, BillingMode: types.BillingModePayPerRequest}
	for i, key := range keys {
		in.AttributeDefinitions = append(in.AttributeDefinitions, types.AttributeDefinition{
			AttributeName: &key, AttributeType: types.ScalarAttributeTypeS,
		})
		kind := types.KeyTypeHash
		if i > 0 {
			kind = types.KeyTypeRange
		}
		in.KeySchema = append(in.KeySchema, types.KeySchemaElement{AttributeName: &key, KeyType: kind})
	}
	_, err := client.CreateTable(ctx, in)
	var exists *types.ResourceInUseException
	if err != nil && !errors.As(err, &exists) {
		return fmt.Errorf("create table %s: %w", name, err)
	}
	waiter := dynamodb.NewTableExistsWaiter(client, func(o *dynamodb.TableExistsWaiterOptions) {
		o.MinDelay, o.MaxDelay = 100*time.Millisecond, time.Second
	})
	if err := waiter.Wait(ctx, &dynamodb.DescribeTableInput{TableName: &name}, activeWithin); err != nil {
		return fmt.Errorf("wait for table %s: %w", name, err)
	}
	return enableTimeToLive(ctx, client, name)
}

// enableTimeToLive asks first, because DynamoDB refuses to enable it twice.
func enableTimeToLive(ctx context.Context, client *dynamodb.Client, name string) error {
	now, err := client.DescribeTimeToLive(ctx, &dynamodb.DescribeTimeToLiveInput{TableName: &name})
	if err != nil {
		return fmt.Errorf("read time to live of table %s: %w", name, err)
	}
	if d := now.TimeToLiveDescription; d != nil &&
		(d.TimeToLiveStatus == types.TimeToLiveStatusEnabled || d.TimeToLiveStatus == types.TimeToLiveStatusEnabling) {
		return nil
	}
	_, err = client.UpdateTimeToLive(ctx, &dynamodb.UpdateTimeToLiveInput{
		TableName: &name,
		TimeToLiveSpecification: &types.TimeToLiveSpecification{
			AttributeName: aws.String("expires_at"),
			Enabled:       aws.Bool(true),
		},
	})
	if err != nil {
		return fmt.Errorf("enable time to live of table %s: %w", name, err)
	}
	return nil
}
