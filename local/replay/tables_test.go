package replay_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cognito-triggers/local/replay"
	"cognito-triggers/shared/golden"
)

// A case's tables are emptied and filled before its event, and compared afterwards. The function changes none here.
func TestTablesOfACase(t *testing.T) {
	s := odd(t)
	_, err := s.DynamoDB.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: aws.String("visits"), BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{
			{AttributeName: aws.String("user"), AttributeType: types.ScalarAttributeTypeS},
		},
		KeySchema: []types.KeySchemaElement{{AttributeName: aws.String("user"), KeyType: types.KeyTypeHash}},
	})
	if err != nil {
		t.Fatal(err)
	}
	stored := replay.Tables{DB: s.DynamoDB, Names: map[string]string{"seen": "visits"}}
	if err := stored.Put(t.Context(), "seen", json.RawMessage(`{"user":"of another case"}`)); err != nil {
		t.Fatal(err)
	}
	items := []json.RawMessage{json.RawMessage(
		`{"user":"ines","number":12345678901234567890,"at":[null,true,{"day":"2026-03-04"}]}`)}
	c := oddCase("pass", "", golden.Want{Answer: "unchanged", Tables: map[string][]json.RawMessage{"visits": items}})
	c.Config.Tables = map[string][]json.RawMessage{"visits": items}
	if got := replay.One(t.Context(), s, c); got.Err != nil {
		t.Error(got.Err)
	}
	c.Config.Tables = nil
	if got := replay.One(t.Context(), s, c).Err; got == nil || !strings.Contains(got.Error(), "items of table visits") {
		t.Errorf("error %v, want a difference", got)
	}
}
