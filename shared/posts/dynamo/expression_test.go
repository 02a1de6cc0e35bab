package dynamo

import (
	"context"
	"fmt"
	"maps"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cognito-triggers/shared/internal/dynamoitem"
)

// check evaluates a write's condition on the item under its key.
func (f *fake) check(key dynamoitem.Item, condition *string, values dynamoitem.Item) error {
	old := f.at(key)
	if condition == nil || holds(*condition, old, values) {
		return nil
	}
	return fmt.Errorf("operation error DynamoDB: %w", &types.ConditionalCheckFailedException{
		Message: aws.String("The conditional request failed"), Item: maps.Clone(old),
	})
}

// holds evaluates terms joined by OR and AND, with brackets.
func holds(expression string, i, values dynamoitem.Item) bool {
	if parts := split(expression, " OR "); len(parts) > 1 {
		for _, part := range parts {
			if holds(part, i, values) {
				return true
			}
		}
		return false
	}
	if parts := split(expression, " AND "); len(parts) > 1 {
		for _, part := range parts {
			if !holds(part, i, values) {
				return false
			}
		}
		return true
	}
	if inner, bracketed := strings.CutPrefix(expression, "("); bracketed {
		return holds(strings.TrimSuffix(inner, ")"), i, values)
	}
	return term(expression, i, values)
}

// split splits outside of brackets.
func split(expression, by string) []string {
	var parts []string
	depth, start := 0, 0
	for at := range len(expression) {
		switch {
		case expression[at] == '(':
			depth++
		case expression[at] == ')':
			depth--
		case depth == 0 && at >= start && strings.HasPrefix(expression[at:], by):
			parts = append(parts, expression[start:at])
			start = at + len(by)
		}
	}
	return append(parts, expression[start:])
}

func term(expression string, i, values dynamoitem.Item) bool {
	if name, ok := strings.CutPrefix(expression, "attribute_not_exists("); ok {
		return i[strings.TrimSuffix(name, ")")] == nil
	}
	if name, ok := strings.CutPrefix(expression, "attribute_exists("); ok {
		return i[strings.TrimSuffix(name, ")")] != nil
	}
	if name, list, ok := strings.Cut(expression, " IN ("); ok {
		for value := range strings.SplitSeq(strings.TrimSuffix(list, ")"), ", ") {
			if i[name] != nil && compare(i[name], values[value]) == 0 {
				return true
			}
		}
		return false
	}
	parts := strings.Fields(expression)
	if len(parts) != 3 || values[parts[2]] == nil {
		panic("the fake does not know the condition " + expression)
	}
	if i[parts[0]] == nil {
		return parts[1] == "<>"
	}
	order := compare(i[parts[0]], values[parts[2]])
	switch parts[1] {
	case "=":
		return order == 0
	case "<>":
		return order != 0
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	}
	panic("the fake does not know the comparison " + parts[1])
}

func compare(a, b types.AttributeValue) int {
	if _, numbers := a.(*types.AttributeValueMemberN); numbers {
		return int(num(a) - num(b))
	}
	return strings.Compare(str(a), str(b))
}

func str(v types.AttributeValue) string { return v.(*types.AttributeValueMemberS).Value }

func num(v types.AttributeValue) int64 {
	n, err := strconv.ParseInt(v.(*types.AttributeValueMemberN).Value, 10, 64)
	if err != nil {
		panic(err)
	}
	return n
}

// repeating does what the SDK's retries do: a write whose answer got lost is sent again as it was.
type repeating struct{ *fake }

func (r repeating) PutItem(ctx context.Context, in *dynamodb.PutItemInput,
	o ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error) {
	return again(ctx, in, r.fake.PutItem)
}

func (r repeating) UpdateItem(ctx context.Context, in *dynamodb.UpdateItemInput,
	o ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error) {
	return again(ctx, in, r.fake.UpdateItem)
}

// TransactWriteItems forgets the client's token, as DynamoDB does after ten minutes.
func (r repeating) TransactWriteItems(ctx context.Context, in *dynamodb.TransactWriteItemsInput,
	o ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error) {
	return again(ctx, in, r.fake.TransactWriteItems)
}

func again[In, Out any](ctx context.Context, in In,
	call func(context.Context, In, ...func(*dynamodb.Options)) (Out, error)) (Out, error) {
	out, err := call(ctx, in)
	if err != nil && err.Error() == lost {
		return call(ctx, in)
	}
	return out, err
}

const lost = "the connection broke before the answer came"
