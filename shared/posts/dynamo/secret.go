package dynamo

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cognito-triggers/shared/internal/dynamoitem"
)

func secretKey() dynamoitem.Item {
	return dynamoitem.Item{pk: dynamoitem.Text("secret"), sk: dynamoitem.Text("-")}
}

// Secret implements posts.Store. The process reads the item once.
func (s *Store) Secret(ctx context.Context) ([]byte, error) {
	secret, err := s.secret.Get(ctx, s.readSecret, s.putSecret)
	if err != nil {
		return nil, fmt.Errorf("the table's secret: %w", err)
	}
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

// putSecret writes a secret unless the table has one.
func (s *Store) putSecret(ctx context.Context, made []byte) (exists bool, err error) {
	written := secretKey()
	written[secretBytes] = &types.AttributeValueMemberB{Value: made}
	_, err = s.client().PutItem(ctx, &dynamodb.PutItemInput{
		TableName: &s.table, Item: written, ConditionExpression: aws.String(vacant),
	})
	_, exists = dynamoitem.RefusedBy(err)
	return exists, err
}

func secretOf(from dynamoitem.Item) ([]byte, error) {
	stored, is := from[secretBytes].(*types.AttributeValueMemberB)
	if !is || len(stored.Value) == 0 {
		return nil, errors.New("its item has no bytes")
	}
	return stored.Value, nil
}
