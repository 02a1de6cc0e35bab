// Package dynamo keeps claims and counts in a DynamoDB table with the string key pk and the time to live expires_at. A
// message's item has the key "message#<key>", a counter's "count#<key>#<start of its window>".
package dynamo

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cognito-triggers/shared/internal/dynamoitem"
	"cognito-triggers/shared/sendonce"
)

// API is the part of the DynamoDB client that the store uses.
type API interface {
	PutItem(context.Context, *dynamodb.PutItemInput, ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error)
	UpdateItem(context.Context, *dynamodb.UpdateItemInput, ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error)
}

// Store is a sendonce.Store in one table.
type Store struct {
	client func() API
	table  string
}

var _ sendonce.Store = (*Store)(nil)

// New returns a store in the table. It calls client at its first use; see sync.OnceValue.
func New(client func() API, table string) *Store { return &Store{client, table} }

// The conditions of writes, and the expression of a count. "sent" is a counter's number; a message's item has its
// state instead.
const (
	absent    = "attribute_not_exists(pk)"
	unchanged = "holder = :holder"
	below     = "attribute_not_exists(sent) OR sent < :limit"
	add       = "ADD sent :one SET expires_at = :end"
)

// Claim implements sendonce.Store. A message that is new takes one request, another one two.
func (s *Store) Claim(ctx context.Context, c sendonce.Claim) (sendonce.Standing, error) {
	record := sendonce.New(c)
	old, err := s.put(ctx, c.Key, record, absent, "")
	for err == nil && old != nil {
		standing := old.Next(c)
		if standing != sendonce.First && standing != sendonce.Again || old.Holder == c.Holder {
			return standing, nil
		}
		var newer *sendonce.Record
		newer, err = s.put(ctx, c.Key, record, unchanged, old.Holder)
		if err == nil && newer == nil {
			return standing, nil
		}
		old = newer
	}
	if err != nil {
		return 0, fmt.Errorf("claim the message: %w", err)
	}
	return sendonce.First, nil
}

// End implements sendonce.Store.
func (s *Store) End(ctx context.Context, c sendonce.Claim, state sendonce.State) error {
	record := sendonce.New(c)
	record.State = state
	if _, err := s.put(ctx, c.Key, record, unchanged, c.Holder); err != nil {
		return fmt.Errorf("mark the message as %s: %w", state, err)
	}
	return nil
}

// put writes a record under a condition, or returns the record that did not meet it. That is never nil: what was there
// may have gone in between, and then it is a record that has expired.
func (s *Store) put(ctx context.Context, key string, r sendonce.Record, condition, holder string) (
	*sendonce.Record, error) {
	in := &dynamodb.PutItemInput{
		TableName: &s.table, Item: encode(key, r), ConditionExpression: &condition,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}
	if condition == unchanged {
		in.ExpressionAttributeValues = dynamoitem.Item{":holder": dynamoitem.Text(holder)}
	}
	_, err := s.client().PutItem(ctx, in)
	if old, refused := dynamoitem.RefusedBy(err); refused {
		return decode(old)
	}
	return nil, err
}

// Count implements sendonce.Store. If the answer to a request is lost, the client's next attempt counts once more.
func (s *Store) Count(ctx context.Context, key string, limit int, window time.Duration, now time.Time) (bool, error) {
	key, end := sendonce.WindowKey(key, window, now)
	_, err := s.client().UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.table, Key: dynamoitem.Item{"pk": dynamoitem.Text("count#" + key)},
		ConditionExpression: aws.String(below), UpdateExpression: aws.String(add),
		ExpressionAttributeValues: dynamoitem.Item{
			":one": dynamoitem.Number(1), ":limit": dynamoitem.Number(int64(limit)), ":end": dynamoitem.Number(end.Unix()),
		},
	})
	if _, reached := dynamoitem.RefusedBy(err); reached {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("count the message: %w", err)
	}
	return true, nil
}

func encode(key string, r sendonce.Record) dynamoitem.Item {
	return dynamoitem.Item{
		"pk":         dynamoitem.Text("message#" + key),
		"payload":    dynamoitem.Text(r.Payload),
		"holder":     dynamoitem.Text(r.Holder),
		"state":      dynamoitem.Text(string(r.State)),
		"until":      dynamoitem.Number(r.Until.UnixMilli()),
		"expires_at": dynamoitem.Number(r.ExpiresAt.Unix()),
	}
}

func decode(i dynamoitem.Item) (*sendonce.Record, error) {
	word := func(name string) string {
		value, _ := i[name].(*types.AttributeValueMemberS)
		if value == nil {
			return ""
		}
		return value.Value
	}
	var problem error
	whole := func(name string) int64 {
		value, _ := i[name].(*types.AttributeValueMemberN)
		if value == nil {
			return 0
		}
		n, err := strconv.ParseInt(value.Value, 10, 64)
		problem = errors.Join(problem, err)
		return n
	}
	r := &sendonce.Record{
		Payload: word("payload"), Holder: word("holder"), State: sendonce.State(word("state")),
		Until: time.UnixMilli(whole("until")), ExpiresAt: time.Unix(whole("expires_at"), 0),
	}
	return r, problem
}
