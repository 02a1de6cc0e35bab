// Package tables creates and deletes the stores' DynamoDB tables for the local stack and for tests. Deployments create
// them with Terraform, so no Lambda function links this package.
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

// activeWithin is how long Create waits for a new table.
const activeWithin = 30 * time.Second

// CreateProfiles creates the profile table, with the hash key pk. See Create.
func CreateProfiles(ctx context.Context, client *dynamodb.Client, name string) error {
	return Create(ctx, client, name, "pk")
}

// CreatePosts creates the posts table, with the hash key pk and the range key sk. See Create.
func CreatePosts(ctx context.Context, client *dynamodb.Client, name string) error {
	return Create(ctx, client, name, "pk", "sk")
}

// Create creates a table with string keys, on-demand capacity and the time-to-live attribute expires_at, and waits up
// to 30 seconds until the table can be used. The first key is the hash key, an optional second one the range key. If
// the table already exists, Create only enables its time to live.
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

// Delete deletes a table. A missing table is no error: the client may have repeated the call after a lost response.
func Delete(ctx context.Context, client *dynamodb.Client, name string) error {
	_, err := client.DeleteTable(ctx, &dynamodb.DeleteTableInput{TableName: &name})
	var missing *types.ResourceNotFoundException
	if err != nil && !errors.As(err, &missing) {
		return fmt.Errorf("delete table %s: %w", name, err)
	}
	return nil
}

// enableTimeToLive first reads the state, because DynamoDB refuses to enable it twice.
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
