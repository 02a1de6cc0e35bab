// Package dynamo keeps posts in one DynamoDB table without a secondary index.
//
// The table's keys are `pk` and `sk`, and it holds four kinds of items:
//
//	pk                          sk          what
//	month#2026-11               a post's id the post, under the month of its id's time
//	months                      2026-11     that month may have posts
//	idem#<sub>#<key's SHA-256>  -           a claim: the post that an idempotency key made
//	secret                      -           the table's secret, for the pseudonyms of owners
//
// So an id alone finds its post, and the list reads months downwards. Claims expire by the table's time to live,
// expires_at. An update or deletion is one conditional request, whose error includes the item that failed the
// condition, so no write needs a read before it.
package dynamo

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cognito-triggers/shared/internal/dynamoitem"
	"cognito-triggers/shared/internal/storesecret"
	"cognito-triggers/shared/posts"
)

// API is the part of the DynamoDB client that the store uses.
type API interface {
	PutItem(context.Context, *dynamodb.PutItemInput, ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error)
	GetItem(context.Context, *dynamodb.GetItemInput, ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error)
	UpdateItem(context.Context, *dynamodb.UpdateItemInput, ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error)
	DeleteItem(context.Context, *dynamodb.DeleteItemInput, ...func(*dynamodb.Options)) (*dynamodb.DeleteItemOutput, error)
	Query(context.Context, *dynamodb.QueryInput, ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error)
	TransactWriteItems(context.Context, *dynamodb.TransactWriteItemsInput,
		...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error)
}

// Store is a posts.Store in one table.
type Store struct {
	client func() API
	table  string
	opened sync.Map // months whose item is known to exist
	secret storesecret.Secret
}

// New returns a store in the table. It calls client at its first use, so that a request that needs no store makes no
// client; see sync.OnceValue.
func New(client func() API, table string) *Store { return &Store{client: client, table: table} }

var _ posts.Store = (*Store)(nil)

// Get implements posts.Store.
func (s *Store) Get(ctx context.Context, id posts.ID) (posts.Post, error) {
	out, err := s.client().GetItem(ctx, &dynamodb.GetItemInput{
		TableName:      &s.table,
		Key:            key(id),
		ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return posts.Post{}, fmt.Errorf("get post: %w", err)
	}
	if len(out.Item) == 0 {
		return posts.Post{}, posts.ErrNotFound
	}
	p, err := decodePost(out.Item)
	if err != nil {
		return posts.Post{}, fmt.Errorf("get post: %w", err)
	}
	return p, nil
}

// Update implements posts.Store.
func (s *Store) Update(ctx context.Context, id posts.ID, c posts.Change, g posts.Guard) (posts.Post, error) {
	// The change's id tells a retry, whose first attempt succeeded but lost its answer, from somebody else's change, and
	// keeps it from raising the version twice.
	name := rand.Text()
	condition, values := guarded(g)
	values[":title"], values[":contents"] = dynamoitem.Text(c.Title), dynamoitem.Text(c.Contents)
	values[":at"] = timestamp(c.At)
	values[":change"], values[":one"] = dynamoitem.Text(name), dynamoitem.Number(1)
	out, err := s.client().UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.table,
		Key:       key(id),
		ConditionExpression: aws.String(condition +
			" AND (attribute_not_exists(change_id) OR change_id <> :change)"),
		UpdateExpression: aws.String(
			"SET title = :title, contents = :contents, updated_at = :at, change_id = :change, version = version + :one"),
		ExpressionAttributeValues:           values,
		ReturnValues:                        types.ReturnValueAllNew,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	if old, refused := dynamoitem.RefusedBy(err); refused {
		if change, _ := old[changeID].(*types.AttributeValueMemberS); change != nil && change.Value == name {
			return decodePost(old)
		}
		return posts.Post{}, reason(old, g)
	}
	if err != nil {
		return posts.Post{}, fmt.Errorf("update post: %w", err)
	}
	p, err := decodePost(out.Attributes)
	if err != nil {
		return posts.Post{}, fmt.Errorf("update post: %w", err)
	}
	return p, nil
}

// Delete implements posts.Store. If the answer of a deletion is lost and the client repeats it, it returns ErrNotFound:
// the post is gone.
func (s *Store) Delete(ctx context.Context, id posts.ID, g posts.Guard) error {
	condition, values := guarded(g)
	if len(values) == 0 {
		values = nil // DynamoDB refuses an empty map
	}
	_, err := s.client().DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName:                           &s.table,
		Key:                                 key(id),
		ConditionExpression:                 &condition,
		ExpressionAttributeValues:           values,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	if old, refused := dynamoitem.RefusedBy(err); refused {
		return reason(old, g)
	}
	if err != nil {
		return fmt.Errorf("delete post: %w", err)
	}
	return nil
}

// guarded returns a guard as a condition with its values.
func guarded(g posts.Guard) (string, dynamoitem.Item) {
	condition, values := "attribute_exists(pk)", dynamoitem.Item{}
	if g.Owner != "" {
		condition += " AND owner_sub = :owner"
		values[":owner"] = dynamoitem.Text(g.Owner)
	}
	if g.Versions == nil {
		return condition, values
	}
	names := []string{":none"} // no post has this version; an empty IN () is not valid
	values[":none"] = dynamoitem.Number(0)
	for i, v := range g.Versions {
		name := ":v" + strconv.Itoa(i)
		names = append(names, name)
		values[name] = dynamoitem.Number(int64(v))
	}
	return condition + " AND version IN (" + strings.Join(names, ", ") + ")", values
}

// reason returns the error for an item that a guard refused.
func reason(old dynamoitem.Item, g posts.Guard) error {
	if len(old) == 0 {
		return posts.ErrNotFound
	}
	p, err := decodePost(old)
	if err != nil {
		return fmt.Errorf("change post: %w", err)
	}
	if err := g.Check(p); err != nil {
		return err
	}
	return errors.New("change post: refused, though the post is as asked for")
}
