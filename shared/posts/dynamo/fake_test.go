package dynamo

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cognito-triggers/shared/internal/dynamoitem"
)

// fake is a table in memory that evaluates the expressions which the store sends, so that the suite also judges those.
// It refuses a scan by not having one.
type fake struct {
	mu    sync.Mutex
	items map[string]map[string]dynamoitem.Item // by pk and sk

	conflicts             int   // transactions that are cancelled by another one
	failBefore, failAfter error // returned instead of doing the next call, or after it was done; used up
	pageItems             int   // DynamoDB's limit of 1 MB for a query, here in items; 0 for none
	queries, writes       int
}

func newFake() *fake { return &fake{items: map[string]map[string]dynamoitem.Item{}} }

// begin locks the table for a call, or returns the error that the call ends with.
func (f *fake) begin(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	f.mu.Lock()
	err := f.failBefore
	f.failBefore = nil
	if err != nil {
		f.mu.Unlock()
	}
	return err
}

func (f *fake) end() error {
	err := f.failAfter
	f.failAfter = nil
	return err
}

func (f *fake) at(k dynamoitem.Item) dynamoitem.Item { return f.items[str(k["pk"])][str(k["sk"])] }

func (f *fake) set(i dynamoitem.Item) {
	f.writes++
	partition := f.items[str(i["pk"])]
	if partition == nil {
		partition = map[string]dynamoitem.Item{}
		f.items[str(i["pk"])] = partition
	}
	partition[str(i["sk"])] = maps.Clone(i)
}

func (f *fake) PutItem(ctx context.Context, in *dynamodb.PutItemInput,
	_ ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error) {
	if err := f.begin(ctx); err != nil {
		return nil, err
	}
	defer f.mu.Unlock()
	if err := f.check(in.Item, in.ConditionExpression, in.ExpressionAttributeValues); err != nil {
		return nil, err
	}
	f.set(in.Item)
	return &dynamodb.PutItemOutput{}, f.end()
}

func (f *fake) GetItem(ctx context.Context, in *dynamodb.GetItemInput,
	_ ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error) {
	if err := f.begin(ctx); err != nil {
		return nil, err
	}
	defer f.mu.Unlock()
	if !aws.ToBool(in.ConsistentRead) {
		return nil, errors.New("a read that may miss the last write")
	}
	return &dynamodb.GetItemOutput{Item: maps.Clone(f.at(in.Key))}, f.end()
}

func (f *fake) UpdateItem(ctx context.Context, in *dynamodb.UpdateItemInput,
	_ ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error) {
	if err := f.begin(ctx); err != nil {
		return nil, err
	}
	defer f.mu.Unlock()
	if err := f.check(in.Key, in.ConditionExpression, in.ExpressionAttributeValues); err != nil {
		return nil, err
	}
	updated := maps.Clone(f.at(in.Key))
	for assignment := range strings.SplitSeq(strings.TrimPrefix(*in.UpdateExpression, "SET "), ", ") {
		name, value, _ := strings.Cut(assignment, " = ")
		if _, one, sum := strings.Cut(value, " + "); sum {
			updated[name] = dynamoitem.Number(num(updated[name]) + num(in.ExpressionAttributeValues[one]))
			continue
		}
		updated[name] = in.ExpressionAttributeValues[value]
	}
	f.set(updated)
	return &dynamodb.UpdateItemOutput{Attributes: maps.Clone(updated)}, f.end()
}

func (f *fake) DeleteItem(ctx context.Context, in *dynamodb.DeleteItemInput,
	_ ...func(*dynamodb.Options)) (*dynamodb.DeleteItemOutput, error) {
	if err := f.begin(ctx); err != nil {
		return nil, err
	}
	defer f.mu.Unlock()
	if err := f.check(in.Key, in.ConditionExpression, in.ExpressionAttributeValues); err != nil {
		return nil, err
	}
	delete(f.items[str(in.Key["pk"])], str(in.Key["sk"]))
	return &dynamodb.DeleteItemOutput{}, f.end()
}

func (f *fake) TransactWriteItems(ctx context.Context, in *dynamodb.TransactWriteItemsInput,
	_ ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error) {
	if err := f.begin(ctx); err != nil {
		return nil, err
	}
	defer f.mu.Unlock()
	cancelled := &types.TransactionCanceledException{Message: aws.String("Transaction cancelled")}
	failed := false
	for _, action := range in.TransactItems {
		code := "None"
		if f.conflicts > 0 {
			code, failed = "TransactionConflict", true
		} else if f.check(action.Put.Item, action.Put.ConditionExpression, action.Put.ExpressionAttributeValues) != nil {
			code, failed = "ConditionalCheckFailed", true
		}
		cancelled.CancellationReasons = append(cancelled.CancellationReasons, types.CancellationReason{Code: &code})
	}
	if failed {
		f.conflicts = max(f.conflicts-1, 0)
		return nil, fmt.Errorf("operation error DynamoDB: %w", cancelled)
	}
	for _, action := range in.TransactItems {
		f.set(action.Put.Item)
	}
	return &dynamodb.TransactWriteItemsOutput{}, f.end()
}

func (f *fake) Query(ctx context.Context, in *dynamodb.QueryInput,
	_ ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error) {
	if err := f.begin(ctx); err != nil {
		return nil, err
	}
	defer f.mu.Unlock()
	f.queries++
	if aws.ToBool(in.ScanIndexForward) || !aws.ToBool(in.ConsistentRead) || in.FilterExpression != nil || *in.Limit < 1 {
		return nil, errors.New("not the query of a list")
	}
	partition := f.items[str(in.ExpressionAttributeValues[":pk"])]
	keys := slices.Sorted(maps.Keys(partition))
	slices.Reverse(keys)
	limit := int(*in.Limit)
	if f.pageItems > 0 {
		limit = min(limit, f.pageItems)
	}
	out := &dynamodb.QueryOutput{}
	for _, k := range keys {
		if len(out.Items) == limit {
			out.LastEvaluatedKey = dynamoitem.Item{"pk": out.Items[limit-1]["pk"], "sk": out.Items[limit-1]["sk"]}
			break
		}
		if holds(*in.KeyConditionExpression, partition[k], in.ExpressionAttributeValues) {
			out.Items = append(out.Items, maps.Clone(partition[k]))
		}
	}
	return out, f.end()
}
