// Package dynamo keeps the records of sign-ins without a password in one DynamoDB table. Its key is `pk`, and it holds
// two kinds of items:
//
//	pk                what
//	user#<HMAC>       the record of a user: no name, no address, no code
//	secret            the table's secret, with which names and hashes are made
//
// Whoever reads the whole table during the minutes in which a code is good can compute the code, so nobody but the
// functions should be able to. Records expire by the table's time to live, expires_at.
package dynamo

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cognito-triggers/shared/challenge"
	"cognito-triggers/shared/internal/dynamoitem"
	"cognito-triggers/shared/internal/storesecret"
)

// API is the part of the DynamoDB client that the store uses.
type API interface {
	PutItem(context.Context, *dynamodb.PutItemInput, ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error)
	GetItem(context.Context, *dynamodb.GetItemInput, ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error)
}

// Store is a challenge.Store in one table.
type Store struct {
	client func() API
	table  string
	secret storesecret.Secret
}

var _ challenge.Store = (*Store)(nil)

// New returns a store in the table. It calls client at its first use; see sync.OnceValue.
func New(client func() API, table string) *Store { return &Store{client: client, table: table} }

// Load implements challenge.Store.
func (s *Store) Load(ctx context.Context, name string) (challenge.Versioned, error) {
	found, err := s.get(ctx, name)
	if err != nil || len(found) == 0 {
		return challenge.Versioned{}, wrapped("read the sign-in's record", err)
	}
	v, err := decode(found)
	return v, wrapped("read the sign-in's record", err)
}

// Save implements challenge.Store.
func (s *Store) Save(ctx context.Context, name string, v challenge.Versioned) (challenge.Versioned, error) {
	const what = "write the sign-in's record"
	in := &dynamodb.PutItemInput{
		TableName: &s.table, Item: encode(name, v), ConditionExpression: aws.String("version = :before"),
		ExpressionAttributeValues:           dynamoitem.Item{":before": dynamoitem.Number(v.Version - 1)},
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}
	if v.Version == 1 {
		in.ConditionExpression, in.ExpressionAttributeValues = aws.String(vacant), nil
	}
	_, err := s.client().PutItem(ctx, in)
	old, refused := dynamoitem.RefusedBy(err)
	switch {
	case refused && len(old) == 0:
		return challenge.Versioned{}, challenge.ErrConflict // its time to live has removed it
	case refused:
		stored, err := decode(old)
		if err != nil {
			return challenge.Versioned{}, wrapped(what, err)
		}
		return stored, challenge.ErrConflict
	case err != nil:
		return challenge.Versioned{}, wrapped(what, err)
	}
	return v, nil
}

// vacant holds if there is no item.
const vacant = "attribute_not_exists(pk)"

const secretName = "secret"

// Secret implements challenge.Store. The process reads the item once.
func (s *Store) Secret(ctx context.Context) ([]byte, error) {
	secret, err := s.secret.Get(ctx, s.readSecret, s.putSecret)
	return secret, wrapped("the table's secret", err)
}

// readSecret returns nil if the table has no secret yet.
func (s *Store) readSecret(ctx context.Context) ([]byte, error) {
	found, err := s.get(ctx, secretName)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	secret, err := hex.DecodeString(textOf(found["secret"]))
	if err != nil || len(secret) == 0 {
		return nil, errors.New("its item has no secret in hexadecimal digits")
	}
	return secret, nil
}

// putSecret writes a secret unless the table has one.
func (s *Store) putSecret(ctx context.Context, made []byte) (exists bool, err error) {
	_, err = s.client().PutItem(ctx, &dynamodb.PutItemInput{
		TableName: &s.table, ConditionExpression: aws.String(vacant),
		Item: dynamoitem.Item{pk: dynamoitem.Text(secretName), "secret": dynamoitem.Text(hex.EncodeToString(made))},
	})
	_, exists = dynamoitem.RefusedBy(err)
	return exists, err
}

func (s *Store) get(ctx context.Context, name string) (dynamoitem.Item, error) {
	out, err := s.client().GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &s.table, Key: dynamoitem.Item{pk: dynamoitem.Text(name)}, ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return nil, err
	}
	return out.Item, nil
}

func wrapped(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}
