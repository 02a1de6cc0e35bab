package scenario

import (
	"context"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cognito-triggers/local/stack"
	"cognito-triggers/shared/tables"
)

// oldSystem is the system that a user of the scenario comes from: a table with the hash of their password.
type oldSystem struct {
	db    *dynamodb.Client
	table string
	user  *person
	hash  string
}

// iterations are few, for a user whose password nobody wants: systems take hundreds of thousands.
const iterations = 1000

// openOldSystem creates the table with one user. close deletes it.
func openOldSystem(ctx context.Context, db *dynamodb.Client) (*oldSystem, error) {
	var random [8]byte
	_, _ = rand.Read(random[:]) // never fails
	o := &oldSystem{db: db, table: "old-users-" + hex.EncodeToString(random[:]), user: newPerson("max", "Max Berg")}
	salt := make([]byte, 16)
	_, _ = rand.Read(salt) // never fails
	key, err := pbkdf2.Key(sha256.New, o.user.password, salt, iterations, sha256.Size)
	if err != nil {
		return nil, err
	}
	b64 := base64.RawStdEncoding.EncodeToString
	o.hash = fmt.Sprintf("$pbkdf2-sha256$i=%d$%s$%s", iterations, b64(salt), b64(key))
	if err := tables.Create(ctx, db, o.table, "login"); err != nil {
		return nil, err
	}
	item := map[string]types.AttributeValue{}
	for name, value := range map[string]string{
		"login": o.user.email, "email": o.user.email, "name": o.user.name, "hash": o.hash,
	} {
		item[name] = &types.AttributeValueMemberS{Value: value}
	}
	_, err = db.PutItem(ctx, &dynamodb.PutItemInput{TableName: &o.table, Item: item})
	return o, err
}

// close deletes the table.
func (o *oldSystem) close(ctx context.Context) error { return tables.Delete(ctx, o.db, o.table) }

// settings returns the settings of user-migration for the system, in a Region.
func (o *oldSystem) settings(region string) (map[string]string, error) {
	description, err := json.Marshal(map[string]any{
		"key": "login", "password_hash": "hash", "dummy_hash": o.hash, "verified": map[string]string{"email": "*"},
	})
	return map[string]string{
		"MIGRATION_SOURCE":    "table",
		"MIGRATION_TABLE_ARN": "arn:aws:dynamodb:" + region + ":" + stack.Account + ":table/" + o.table,
		"MIGRATION_TABLE":     string(description),
	}, err
}
