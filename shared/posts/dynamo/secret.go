package dynamo

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cognito-triggers/shared/posts"
)

func secretKey() item { return item{pk: text("secret"), sk: text("-")} }

// Secret implements posts.Store. The process reads the item once.
func (s *Store) Secret(ctx context.Context) ([]byte, error) {
	if known := s.secret.Load(); known != nil {
		return *known, ctx.Err()
	}
	secret, err := s.readSecret(ctx)
	if err == nil && secret == nil {
		secret, err = s.makeSecret(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("the table's secret: %w", err)
	}
	s.secret.Store(&secret)
	return secret, nil
}

// readSecret returns nil if the table has no secret yet.
func (s *Store) readSecret(ctx context.Context) ([]byte, error) {
	out, err := s.client().GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &s.table, Key: secretKey(), ConsistentRead: aws.Bool(true),
	})
	if err != nil || len(out.Item) == 0 {
		return nil, err
	}
	return secretOf(out.Item)
}

// makeSecret writes a secret unless another process was faster, and returns the one in the table.
func (s *Store) makeSecret(ctx context.Context) ([]byte, error) {
	made := posts.NewSecret()
	written := secretKey()
	written[secretBytes] = &types.AttributeValueMemberB{Value: made}
	_, err := s.client().PutItem(ctx, &dynamodb.PutItemInput{
		TableName: &s.table, Item: written, ConditionExpression: aws.String(vacant),
	})
	if _, exists := refusedBy(err); exists {
		return s.readSecret(ctx)
	}
	return made, err
}

func secretOf(from item) ([]byte, error) {
	stored, is := from[secretBytes].(*types.AttributeValueMemberB)
	if !is || len(stored.Value) == 0 {
		return nil, errors.New("its item has no bytes")
	}
	return stored.Value, nil
}
