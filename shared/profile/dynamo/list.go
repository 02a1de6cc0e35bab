package dynamo

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cognito-triggers/shared/internal/dynamoitem"
	"cognito-triggers/shared/profile"
)

// ScanAPI is the part of the DynamoDB client that List uses.
type ScanAPI interface {
	Scan(context.Context, *dynamodb.ScanInput, ...func(*dynamodb.Options)) (*dynamodb.ScanOutput, error)
}

// List yields the key, the user name and the time of creation of every profile of a user pool, in no order and without
// tombstones. It reads the whole table page by page, which is for tools and not for functions. An error ends it.
func List(ctx context.Context, client ScanAPI, table, poolID string) iter.Seq2[profile.Profile, error] {
	prefix := profile.Key{UserPoolID: poolID}.String()
	return func(yield func(profile.Profile, error) bool) {
		in := &dynamodb.ScanInput{
			TableName:                 &table,
			ProjectionExpression:      aws.String("pk, username, created_at"),
			FilterExpression:          aws.String("begins_with(pk, :pool) AND attribute_not_exists(expires_at)"),
			ExpressionAttributeValues: dynamoitem.Item{":pool": dynamoitem.Text(prefix)},
			ConsistentRead:            aws.Bool(true),
		}
		for {
			page, err := client.Scan(ctx, in)
			if err != nil {
				yield(profile.Profile{}, fmt.Errorf("scan table %s: %w", table, err))
				return
			}
			for _, one := range page.Items {
				p, err := decode(one)
				if err != nil {
					err = fmt.Errorf("scan table %s: %w", table, err)
				}
				key := reader{}
				p.Key = profile.Key{UserPoolID: poolID, Sub: strings.TrimPrefix(key.text(one, pk), prefix)}
				if !yield(p, err) || err != nil {
					return
				}
			}
			if in.ExclusiveStartKey = page.LastEvaluatedKey; len(in.ExclusiveStartKey) == 0 {
				return
			}
		}
	}
}
