// Command limit-domains is a trigger with a table of its own, for the tests: it refuses the third sign-up of a domain.
package main

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
)

func main() { trigger.Start(events.PreSignUp, setup) }

func setup(env *settings.Env) (trigger.Handler[events.PreSignUpRequest, events.PreSignUpResponse], error) {
	table, client := env.Lookup("SIGN_UPS_TABLE"), dynamodb.NewFromConfig(awsenv.Config(env, "DYNAMODB"))
	return func(ctx context.Context, e *events.PreSignUpEvent) error {
		email := e.Request.UserAttributes["email"]
		_, domain, _ := strings.Cut(email, "@")
		text := func(value string) types.AttributeValue { return &types.AttributeValueMemberS{Value: value} }
		number := func(value int64) types.AttributeValue {
			return &types.AttributeValueMemberN{Value: strconv.FormatInt(value, 10)}
		}
		now := time.Now()
		if _, err := client.PutItem(ctx, &dynamodb.PutItemInput{TableName: &table, Item: map[string]types.AttributeValue{
			"email": text(email), "domain": text(domain), "at": number(now.UnixMilli()),
			"expires_at": number(now.Add(time.Hour).Unix()),
		}}); err != nil {
			return err
		}
		of, err := client.Query(ctx, &dynamodb.QueryInput{
			TableName: &table, IndexName: aws.String("by-domain"), KeyConditionExpression: aws.String("#d = :d"),
			ExpressionAttributeNames:  map[string]string{"#d": "domain"},
			ExpressionAttributeValues: map[string]types.AttributeValue{":d": text(domain)},
		})
		if err != nil {
			return err
		}
		if of.Count > 2 {
			return trigger.Reject("too many sign-ups of " + domain)
		}
		return nil
	}, env.Err()
}
