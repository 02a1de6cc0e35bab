// Package dynamotest makes the profile table where Terraform does not: on a
// developer's machine and in tests. No function links it.
package dynamotest

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cognito-triggers/shared/dynamotest"
)

// CreateTable makes the profile table: the hash key `pk`, on-demand capacity
// and the time to live `expires_at`. A table that exists already is left as it
// is, except that its time to live is switched on.
func CreateTable(ctx context.Context, client *dynamodb.Client, name string) error {
	return dynamotest.CreateTable(ctx, client, name, "pk")
}
