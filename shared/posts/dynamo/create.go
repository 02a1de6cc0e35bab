package dynamo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cognito-triggers/shared/internal/dynamoitem"
	"cognito-triggers/shared/posts"
)

const (
	// vacant holds if there is no item.
	vacant = "attribute_not_exists(pk)"
	// free holds if there is no claim, or an expired one: DynamoDB may take days to delete it.
	free = "attribute_not_exists(pk) OR expires_at <= :now"
)

// Create implements posts.Store. It writes the month's item first, so that every post is in a month that the list
// reads.
func (s *Store) Create(ctx context.Context, p posts.Post, key string) (posts.Post, error) {
	err := s.openMonth(ctx, posts.Month(p.ID))
	switch {
	case err != nil:
	case key == "":
		err = s.put(ctx, p)
	default:
		p, err = s.putOnce(ctx, p, key)
	}
	if errors.Is(err, posts.ErrKeyReused) || errors.Is(err, posts.ErrBusy) {
		return posts.Post{}, err
	}
	if err != nil {
		return posts.Post{}, fmt.Errorf("create post: %w", err)
	}
	return p, nil
}

// openMonth writes the month's item, once per process.
func (s *Store) openMonth(ctx context.Context, month string) error {
	if _, known := s.opened.Load(month); known {
		return ctx.Err()
	}
	_, err := s.client().PutItem(ctx, &dynamodb.PutItemInput{
		TableName:           &s.table,
		Item:                MonthItem(month),
		ConditionExpression: aws.String(vacant),
	})
	if _, exists := dynamoitem.RefusedBy(err); err != nil && !exists {
		return fmt.Errorf("open month %s: %w", month, err)
	}
	s.opened.Store(month, true)
	return nil
}

func (s *Store) put(ctx context.Context, p posts.Post) error {
	_, err := s.client().PutItem(ctx, &dynamodb.PutItemInput{
		TableName: &s.table, Item: PostItem(p), ConditionExpression: aws.String(vacant),
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	old, refused := dynamoitem.RefusedBy(err)
	if !refused {
		return err
	}
	// A retry after a first attempt that succeeded finds its own post.
	if stored, err := decodePost(old); err != nil || stored != p {
		return fmt.Errorf("the id %s is taken", p.ID)
	}
	return nil
}

const (
	attempts  = 6
	firstWait = 20 * time.Millisecond // doubles with every attempt, with jitter
)

// putOnce writes the post and its claim in one transaction. If the transaction is cancelled because the key is taken,
// or because another transaction is using it, putOnce looks for the other's claim.
func (s *Store) putOnce(ctx context.Context, p posts.Post, key string) (posts.Post, error) {
	for attempt := range attempts {
		err := s.transact(ctx, p, key)
		if err == nil {
			return p, nil
		}
		if !contended(err) {
			return posts.Post{}, err
		}
		claim, err := s.claim(ctx, p, key)
		if err != nil {
			return posts.Post{}, err
		}
		if claim != nil {
			return claim.Resolve(p)
		}
		if err := pause(ctx, firstWait<<attempt); err != nil {
			return posts.Post{}, err
		}
	}
	return posts.Post{}, posts.ErrBusy
}

func (s *Store) transact(ctx context.Context, p posts.Post, key string) error {
	_, err := s.client().TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{
		TransactItems: []types.TransactWriteItem{
			{Put: &types.Put{
				TableName: &s.table, Item: claimItem(p, key), ConditionExpression: aws.String(free),
				ExpressionAttributeValues: dynamoitem.Item{":now": dynamoitem.Number(p.CreatedAt.Unix())},
			}},
			{Put: &types.Put{TableName: &s.table, Item: PostItem(p), ConditionExpression: aws.String(vacant)}},
		},
	})
	return err
}

// contended reports whether a transaction was cancelled because others used the key. The claim is the transaction's
// first item.
func contended(err error) bool {
	var cancelled *types.TransactionCanceledException
	if !errors.As(err, &cancelled) {
		return false
	}
	conflict := func(r types.CancellationReason) bool { return aws.ToString(r.Code) == "TransactionConflict" }
	reasons := cancelled.CancellationReasons
	return slices.ContainsFunc(reasons, conflict) || len(reasons) > 0 &&
		aws.ToString(reasons[0].Code) == "ConditionalCheckFailed"
}

// claim reads the current claim on a key, or nil if there is none.
func (s *Store) claim(ctx context.Context, p posts.Post, key string) (*posts.Claim, error) {
	out, err := s.client().GetItem(ctx, &dynamodb.GetItemInput{
		TableName:      &s.table,
		Key:            claimKey(p.Owner, key),
		ConsistentRead: aws.Bool(true),
	})
	if err != nil || len(out.Item) == 0 {
		return nil, err
	}
	claim, err := decodeClaim(out.Item)
	if err != nil || !claim.Standing(p) {
		return nil, err
	}
	return &claim, nil
}

// pause waits between half of longest and longest.
func pause(ctx context.Context, longest time.Duration) error {
	timer := time.NewTimer(longest/2 + rand.N(longest/2))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
