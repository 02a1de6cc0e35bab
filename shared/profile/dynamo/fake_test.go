package dynamo

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cognito-triggers/shared/internal/dynamoitem"
)

// fake is a table in memory that evaluates the expressions which the store sends, so that the suite also judges those.
type fake struct {
	mu    sync.Mutex
	items map[string]dynamoitem.Item

	failBefore, failAfter error // returned instead of doing the next call, or after it was done; used up
}

func newFake() *fake { return &fake{items: map[string]dynamoitem.Item{}} }

// begin locks the table for a call, or returns the error that the call ends with.
func (f *fake) begin(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	f.mu.Lock()
	err := f.failBefore
	f.failBefore = nil
	if err != nil {
		f.mu.Unlock()
	}
	return err
}

func (f *fake) end() error {
	err := f.failAfter
	f.failAfter = nil
	return err
}

func (f *fake) PutItem(ctx context.Context, in *dynamodb.PutItemInput,
	_ ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error) {
	if err := f.begin(ctx); err != nil {
		return nil, err
	}
	defer f.mu.Unlock()
	id := in.Item["pk"].(*types.AttributeValueMemberS).Value
	if err := f.check(id, in.ConditionExpression, in.ExpressionAttributeValues,
		in.ReturnValuesOnConditionCheckFailure); err != nil {
		return nil, err
	}
	f.items[id] = maps.Clone(in.Item)
	return &dynamodb.PutItemOutput{}, f.end()
}

func (f *fake) GetItem(ctx context.Context, in *dynamodb.GetItemInput,
	_ ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error) {
	if err := f.begin(ctx); err != nil {
		return nil, err
	}
	defer f.mu.Unlock()
	if !aws.ToBool(in.ConsistentRead) {
		return nil, fmt.Errorf("a read that may miss the last write")
	}
	return &dynamodb.GetItemOutput{Item: maps.Clone(f.items[in.Key["pk"].(*types.AttributeValueMemberS).Value])}, f.end()
}

func (f *fake) UpdateItem(ctx context.Context, in *dynamodb.UpdateItemInput,
	_ ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error) {
	if err := f.begin(ctx); err != nil {
		return nil, err
	}
	defer f.mu.Unlock()
	id := in.Key["pk"].(*types.AttributeValueMemberS).Value
	if err := f.check(id, in.ConditionExpression, in.ExpressionAttributeValues,
		in.ReturnValuesOnConditionCheckFailure); err != nil {
		return nil, err
	}
	updated := maps.Clone(f.items[id])
	if updated == nil {
		updated = maps.Clone(in.Key)
	}
	expression, add, _ := strings.Cut(*in.UpdateExpression, " ADD ")
	set, remove, _ := strings.Cut(strings.TrimPrefix(expression, "SET "), " REMOVE ")
	for assignment := range strings.SplitSeq(set, ", ") {
		path, value, _ := strings.Cut(assignment, " = ")
		target, name := at(updated, path, in.ExpressionAttributeNames)
		target[name] = in.ExpressionAttributeValues[value]
	}
	for path := range strings.SplitSeq(remove, ", ") {
		target, name := at(updated, path, in.ExpressionAttributeNames)
		delete(target, name)
	}
	if add != "" {
		for addition := range strings.SplitSeq(add, ", ") {
			name, value, _ := strings.Cut(addition, " ")
			updated[name] = sum(updated[name], in.ExpressionAttributeValues[value])
		}
	}
	out := &dynamodb.UpdateItemOutput{}
	switch in.ReturnValues {
	case types.ReturnValueAllNew:
		out.Attributes = maps.Clone(updated)
	case types.ReturnValueAllOld:
		out.Attributes = maps.Clone(f.items[id])
	}
	f.items[id] = updated
	return out, f.end()
}

// sum is what ADD makes of a number or a set of strings.
func sum(old, more types.AttributeValue) types.AttributeValue {
	switch more := more.(type) {
	case *types.AttributeValueMemberN:
		before := int64(0)
		if n, is := old.(*types.AttributeValueMemberN); is {
			before = parse(n.Value)
		}
		return dynamoitem.Number(before + parse(more.Value))
	case *types.AttributeValueMemberSS:
		all := slices.Clone(more.Value)
		if set, is := old.(*types.AttributeValueMemberSS); is {
			all = append(all, set.Value...)
		}
		slices.Sort(all)
		return &types.AttributeValueMemberSS{Value: slices.Compact(all)}
	}
	panic("the fake cannot add this")
}

// at returns the value at a document path, and copies the maps on the way, because others may share them.
func at(in dynamoitem.Item, path string, names map[string]string) (dynamoitem.Item, string) {
	outer, inner, nested := strings.Cut(path, ".")
	if !nested {
		return in, path
	}
	members := dynamoitem.Item{}
	if old, ok := in[names[outer]].(*types.AttributeValueMemberM); ok {
		maps.Copy(members, old.Value)
	}
	in[names[outer]] = &types.AttributeValueMemberM{Value: members}
	return members, names[inner]
}

// check evaluates a condition: terms joined by AND, these joined by OR; or terms joined by AND, the last of which is
// several in parentheses, joined by OR.
func (f *fake) check(id string, condition *string, values dynamoitem.Item,
	give types.ReturnValuesOnConditionCheckFailure) error {
	if condition == nil {
		return nil
	}
	old := f.items[id]
	common, alternatives, grouped := strings.Cut(*condition, "(attribute_not_exists(last")
	if grouped {
		alternatives = "attribute_not_exists(last" + strings.TrimSuffix(alternatives, ")")
	} else {
		common, alternatives = "", *condition
	}
	for alternative := range strings.SplitSeq(alternatives, " OR ") {
		alternative = common + alternative
		holds := true
		for term := range strings.SplitSeq(alternative, " AND ") {
			holds = holds && evaluate(term, old, values)
		}
		if holds {
			return nil
		}
	}
	failed := &types.ConditionalCheckFailedException{Message: aws.String("The conditional request failed")}
	if give == types.ReturnValuesOnConditionCheckFailureAllOld {
		failed.Item = maps.Clone(old)
	}
	return fmt.Errorf("operation error DynamoDB: %w", failed)
}

func evaluate(term string, old, values dynamoitem.Item) bool {
	if name, ok := strings.CutPrefix(term, "attribute_not_exists("); ok {
		return old[strings.TrimSuffix(name, ")")] == nil
	}
	if name, ok := strings.CutPrefix(term, "attribute_exists("); ok {
		return old[strings.TrimSuffix(name, ")")] != nil
	}
	if arguments, ok := strings.CutPrefix(term, "NOT contains("); ok {
		name, operand, _ := strings.Cut(strings.TrimSuffix(arguments, ")"), ", ")
		set, is := old[name].(*types.AttributeValueMemberSS)
		return !is || !slices.Contains(set.Value, values[operand].(*types.AttributeValueMemberS).Value)
	}
	name, operand, ok := strings.Cut(term, " <= ")
	if !ok {
		panic("the fake does not know the condition " + term)
	}
	if left, isText := old[name].(*types.AttributeValueMemberS); isText {
		return left.Value <= values[operand].(*types.AttributeValueMemberS).Value
	}
	left, isNumber := old[name].(*types.AttributeValueMemberN)
	return isNumber && parse(left.Value) <= parse(values[operand].(*types.AttributeValueMemberN).Value)
}

func parse(number string) int64 {
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		panic(err)
	}
	return n
}

// repeating does what the SDK's retries do: an update whose answer got lost is sent again as it was.
type repeating struct{ *fake }

func (r repeating) UpdateItem(ctx context.Context, in *dynamodb.UpdateItemInput,
	o ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error) {
	out, err := r.fake.UpdateItem(ctx, in, o...)
	if _, refused := dynamoitem.RefusedBy(err); err != nil && !refused {
		return r.fake.UpdateItem(ctx, in, o...)
	}
	return out, err
}
