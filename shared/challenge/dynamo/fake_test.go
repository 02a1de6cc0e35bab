package dynamo

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cognito-triggers/shared/internal/dynamoitem"
)

// fake is a table in memory that evaluates the conditions which the store sends, so that the suite also judges those.
type fake struct {
	mu    sync.Mutex
	items map[string]dynamoitem.Item
	twice bool // every write is sent twice, as the SDK does if an answer is lost
}

func (f *fake) GetItem(ctx context.Context, in *dynamodb.GetItemInput,
	_ ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !aws.ToBool(in.ConsistentRead) {
		return nil, errors.New("a read that may miss the last write")
	}
	return &dynamodb.GetItemOutput{Item: maps.Clone(f.items[textOf(in.Key[pk])])}, ctx.Err()
}

func (f *fake) PutItem(ctx context.Context, in *dynamodb.PutItemInput,
	_ ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	err := f.put(in)
	if f.twice && err == nil {
		err = f.put(in)
	}
	return &dynamodb.PutItemOutput{}, err
}

func (f *fake) put(in *dynamodb.PutItemInput) error {
	name := textOf(in.Item[pk])
	old, holds := f.items[name], false
	switch *in.ConditionExpression {
	case vacant:
		holds = old == nil
	case "version = :before":
		has, is := old[version].(*types.AttributeValueMemberN)
		holds = is && has.Value == in.ExpressionAttributeValues[":before"].(*types.AttributeValueMemberN).Value
	default:
		return fmt.Errorf("the fake does not know the condition %s", *in.ConditionExpression)
	}
	if holds {
		f.items[name] = maps.Clone(in.Item)
		return nil
	}
	failed := &types.ConditionalCheckFailedException{Message: aws.String("The conditional request failed")}
	if in.ReturnValuesOnConditionCheckFailure == types.ReturnValuesOnConditionCheckFailureAllOld {
		failed.Item = maps.Clone(old)
	}
	return fmt.Errorf("operation error DynamoDB: %w", failed)
}

func onFake(f *fake) *Store {
	if f.items == nil {
		f.items = map[string]dynamoitem.Item{}
	}
	return New(func() API { return f }, "challenges")
}
