// Package dynamo keeps profiles in a DynamoDB table, one item per account.
//
// The item's key pk is "<user pool id>#<sub>". A profile's item has the attributes named in codec.go. A deleted
// account's item is a tombstone with only the time of the deletion and expires_at, the table's time to live. A write is
// one conditional request, whose error includes the item that failed the condition, so no write needs a read before it.
package dynamo

import (
	"context"
	"crypto/rand"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cognito-triggers/shared/internal/dynamoitem"
	"cognito-triggers/shared/profile"
)

// API is the part of the DynamoDB client that the store uses.
type API interface {
	PutItem(context.Context, *dynamodb.PutItemInput, ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error)
	GetItem(context.Context, *dynamodb.GetItemInput, ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error)
	UpdateItem(context.Context, *dynamodb.UpdateItemInput, ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error)
}

// Store is a profile.Store in one table.
type Store struct {
	client func() API
	table  string
}

// New returns a store in the table. It calls client at its first use, so that an event that needs no store makes no
// client; see sync.OnceValue.
func New(client func() API, table string) *Store { return &Store{client: client, table: table} }

var _ profile.Store = (*Store)(nil)

// vacant holds if there is no item, or an expired tombstone.
const vacant = "attribute_not_exists(pk) OR expires_at <= :now"

// Create implements profile.Store.
func (s *Store) Create(ctx context.Context, p profile.Profile) (bool, error) {
	_, err := s.client().PutItem(ctx, &dynamodb.PutItemInput{
		TableName:                           &s.table,
		Item:                                encode(p),
		ConditionExpression:                 aws.String(vacant),
		ExpressionAttributeValues:           dynamoitem.Item{":now": seconds(time.Now())},
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	if old, refused := dynamoitem.RefusedBy(err); refused {
		if _, tombstone := old[expiresAt]; tombstone {
			return false, profile.ErrDeleted
		}
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("create profile: %w", err)
	}
	return true, nil
}

// Get implements profile.Store.
func (s *Store) Get(ctx context.Context, k profile.Key) (profile.Profile, error) {
	out, err := s.client().GetItem(ctx, &dynamodb.GetItemInput{
		TableName:      &s.table,
		Key:            key(k),
		ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return profile.Profile{}, fmt.Errorf("get profile: %w", err)
	}
	if err := standing(out.Item); err != nil {
		return profile.Profile{}, err
	}
	p, err := decode(out.Item)
	if err != nil {
		return profile.Profile{}, fmt.Errorf("get profile: %w", err)
	}
	return p, nil
}

// ClaimWelcome implements profile.Store.
func (s *Store) ClaimWelcome(ctx context.Context, k profile.Key, at time.Time) (bool, error) {
	// The claim's id tells a retry, whose first attempt succeeded but lost its answer, from somebody else's claim.
	name := rand.Text()
	_, err := s.client().UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.table,
		Key:       key(k),
		ConditionExpression: aws.String(
			"attribute_exists(pk) AND attribute_not_exists(expires_at) AND attribute_not_exists(welcome_claimed_at)"),
		UpdateExpression: aws.String("SET welcome_claimed_at = :at, welcome_claim = :claim, updated_at = :at"),
		ExpressionAttributeValues: dynamoitem.Item{
			":at":    timestamp(at),
			":claim": dynamoitem.Text(name),
		},
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	if old, refused := dynamoitem.RefusedBy(err); refused {
		if err := standing(old); err != nil {
			return false, err
		}
		claim, _ := old[welcomeClaim].(*types.AttributeValueMemberS)
		return claim != nil && claim.Value == name, nil
	}
	if err != nil {
		return false, fmt.Errorf("claim welcome mail: %w", err)
	}
	return true, nil
}

// Delete implements profile.Store.
func (s *Store) Delete(ctx context.Context, k profile.Key, at time.Time, keep time.Duration) error {
	tombstone := key(k)
	tombstone[schemaVersion] = dynamoitem.Number(profile.SchemaVersion)
	tombstone[deletedAt] = timestamp(at)
	tombstone[expiresAt] = seconds(at.Add(keep))
	_, err := s.client().PutItem(ctx, &dynamodb.PutItemInput{TableName: &s.table, Item: tombstone})
	if err != nil {
		return fmt.Errorf("delete profile: %w", err)
	}
	return nil
}

// standing returns nil if the item is a profile, or else ErrNotFound or ErrDeleted.
func standing(i dynamoitem.Item) error {
	if len(i) == 0 {
		return profile.ErrNotFound
	}
	end, tombstone := i[expiresAt].(*types.AttributeValueMemberN)
	if !tombstone {
		return nil
	}
	if at, err := strconv.ParseInt(end.Value, 10, 64); err == nil && at <= time.Now().Unix() {
		return profile.ErrNotFound
	}
	return profile.ErrDeleted
}
