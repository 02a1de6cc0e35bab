package dynamo

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cognito-triggers/shared/internal/dynamoitem"
	"cognito-triggers/shared/profile"
)

// UpdateAttributes implements profile.Store.
func (s *Store) UpdateAttributes(ctx context.Context, k profile.Key, values map[string]string,
	at time.Time) (profile.Profile, error) {
	expression, names, parameters := overlay(values)
	parameters[":at"] = timestamp(at)
	out, err := s.client().UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                           &s.table,
		Key:                                 key(k),
		ConditionExpression:                 aws.String("attribute_exists(pk) AND attribute_not_exists(expires_at)"),
		UpdateExpression:                    &expression,
		ExpressionAttributeNames:            names,
		ExpressionAttributeValues:           parameters,
		ReturnValues:                        types.ReturnValueAllNew,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	if old, refused := dynamoitem.RefusedBy(err); refused && standing(old) != nil {
		return profile.Profile{}, standing(old)
	}
	if err != nil {
		return profile.Profile{}, fmt.Errorf("update profile: %w", err)
	}
	p, err := decode(out.Attributes)
	if err != nil {
		return profile.Profile{}, fmt.Errorf("update profile: %w", err)
	}
	return p, nil
}

// overlay returns the update expression for new values of attributes. Names become placeholders, because a user
// attribute's name may be a reserved word of DynamoDB or contain a colon.
func overlay(values map[string]string) (expression string, names map[string]string, parameters dynamoitem.Item) {
	set, remove := []string{"updated_at = :at"}, []string{}
	parameters = dynamoitem.Item{}
	for n, name := range slices.Sorted(maps.Keys(values)) {
		if names == nil { // DynamoDB refuses an empty map and unused names
			names = map[string]string{"#attributes": attributes}
		}
		number := strconv.Itoa(n)
		names["#"+number] = name
		if values[name] == "" {
			remove = append(remove, "#attributes.#"+number)
			continue
		}
		set = append(set, "#attributes.#"+number+" = :"+number)
		parameters[":"+number] = dynamoitem.Text(values[name])
	}
	expression = "SET " + strings.Join(set, ", ")
	if len(remove) > 0 {
		expression += " REMOVE " + strings.Join(remove, ", ")
	}
	return expression, names, parameters
}
