// Package tables creates and deletes DynamoDB tables, the stores' and those that manifests declare, for the local stack
// and for tests. Deployments create them with Terraform, so no Lambda function links this package.
package tables

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cognito-triggers/shared/manifest"
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
	table := manifest.Table{HashKey: manifest.Key{Name: keys[0]}, TTLAttribute: "expires_at"}
	if len(keys) > 1 {
		table.RangeKey = &manifest.Key{Name: keys[1]}
	}
	return CreateDeclared(ctx, client, name, table)
}

// CreateDeclared creates a table as a manifest declares it, under another name, with on-demand capacity, and waits up
// to 30 seconds until it can be used. If the table already exists, it only enables its time to live.
func CreateDeclared(ctx context.Context, client *dynamodb.Client, name string, table manifest.Table) error {
	_, err := client.CreateTable(ctx, input(name, table))
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
	if table.TTLAttribute == "" {
		return nil
	}
	return enableTimeToLive(ctx, client, name, table.TTLAttribute)
}

// input translates a declaration.
func input(name string, table manifest.Table) *dynamodb.CreateTableInput {
	in := &dynamodb.CreateTableInput{TableName: &name, BillingMode: types.BillingModePayPerRequest}
	kinds := map[string]types.ScalarAttributeType{
		"": types.ScalarAttributeTypeS, "string": types.ScalarAttributeTypeS, "number": types.ScalarAttributeTypeN,
		"binary": types.ScalarAttributeTypeB,
	}
	defined := map[string]bool{}
	keys := func(hash manifest.Key, ranged *manifest.Key) (schema []types.KeySchemaElement) {
		add := func(key manifest.Key, kind types.KeyType) {
			schema = append(schema, types.KeySchemaElement{AttributeName: &key.Name, KeyType: kind})
			if !defined[key.Name] {
				defined[key.Name] = true
				in.AttributeDefinitions = append(in.AttributeDefinitions,
					types.AttributeDefinition{AttributeName: &key.Name, AttributeType: kinds[key.Type]})
			}
		}
		add(hash, types.KeyTypeHash)
		if ranged != nil {
			add(*ranged, types.KeyTypeRange)
		}
		return schema
	}
	in.KeySchema = keys(table.HashKey, table.RangeKey)
	for _, index := range table.Indexes {
		projection := &types.Projection{ProjectionType: types.ProjectionTypeAll}
		if index.Attributes != nil {
			projection.ProjectionType = types.ProjectionTypeKeysOnly
		}
		if len(index.Attributes) > 0 {
			projection.ProjectionType, projection.NonKeyAttributes = types.ProjectionTypeInclude, index.Attributes
		}
		in.GlobalSecondaryIndexes = append(in.GlobalSecondaryIndexes, types.GlobalSecondaryIndex{
			IndexName: &index.Name, KeySchema: keys(index.HashKey, index.RangeKey), Projection: projection,
		})
	}
	if table.Stream != "" {
		in.StreamSpecification = &types.StreamSpecification{
			StreamEnabled: aws.Bool(true), StreamViewType: types.StreamViewType(table.Stream),
		}
	}
	return in
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
func enableTimeToLive(ctx context.Context, client *dynamodb.Client, name, attribute string) error {
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
			AttributeName: &attribute,
			Enabled:       aws.Bool(true),
		},
	})
	if err != nil {
		return fmt.Errorf("enable time to live of table %s: %w", name, err)
	}
	return nil
}
