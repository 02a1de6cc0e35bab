package replay

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cognito-triggers/shared/golden"
	"cognito-triggers/shared/manifest"
	"cognito-triggers/shared/tables"
)

// Tables gives access to the tables of a DynamoDB. It implements golden.Tables.
type Tables struct {
	DB    *dynamodb.Client
	Names map[string]string // by the names in cases; one that is missing is itself

	others map[string]*dynamodb.Client // for tables that are not the functions', by their names
}

func (s Tables) name(table string) *string { return aws.String(cmp.Or(s.Names[table], table)) }

// Put stores an item.
func (s Tables) Put(ctx context.Context, table string, item json.RawMessage) error {
	dec := json.NewDecoder(bytes.NewReader(item))
	dec.UseNumber()
	var members map[string]any
	if err := dec.Decode(&members); err != nil {
		return err
	}
	in := &dynamodb.PutItemInput{TableName: s.name(table), Item: map[string]types.AttributeValue{}}
	for name, value := range members {
		in.Item[name] = attributeOf(value)
	}
	_, err := s.db(table).PutItem(ctx, in)
	return err
}

// Items lists the items of a table, all attributes in the JSON type that comes nearest: sets are lists, bytes base64.
func (s Tables) Items(ctx context.Context, table string) ([]json.RawMessage, error) {
	var all []json.RawMessage
	err := s.scan(ctx, table, func(item map[string]types.AttributeValue) error {
		text, err := json.Marshal(valueOf(&types.AttributeValueMemberM{Value: item}))
		all = append(all, text)
		return err
	})
	return all, err
}

// Clear deletes all items of a table.
func (s Tables) Clear(ctx context.Context, table string) error {
	described, err := s.db(table).DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: s.name(table)})
	if err != nil {
		return err
	}
	return s.scan(ctx, table, func(item map[string]types.AttributeValue) error {
		key := map[string]types.AttributeValue{}
		for _, part := range described.Table.KeySchema {
			key[*part.AttributeName] = item[*part.AttributeName]
		}
		_, err := s.db(table).DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: s.name(table), Key: key})
		return err
	})
}

func (s Tables) scan(ctx context.Context, table string, each func(map[string]types.AttributeValue) error) error {
	pages := dynamodb.NewScanPaginator(s.db(table), &dynamodb.ScanInput{
		TableName: s.name(table), ConsistentRead: aws.Bool(true),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, item := range page.Items {
			if err := each(item); err != nil {
				return err
			}
		}
	}
	return nil
}

// attributeOf returns a decoded JSON value as an attribute.
func attributeOf(value any) types.AttributeValue {
	switch v := value.(type) {
	case bool:
		return &types.AttributeValueMemberBOOL{Value: v}
	case json.Number:
		return &types.AttributeValueMemberN{Value: v.String()}
	case string:
		return &types.AttributeValueMemberS{Value: v}
	case []any:
		list := &types.AttributeValueMemberL{Value: []types.AttributeValue{}}
		for _, item := range v {
			list.Value = append(list.Value, attributeOf(item))
		}
		return list
	case map[string]any:
		m := &types.AttributeValueMemberM{Value: map[string]types.AttributeValue{}}
		for name, member := range v {
			m.Value[name] = attributeOf(member)
		}
		return m
	}
	return &types.AttributeValueMemberNULL{Value: true}
}

// valueOf returns an attribute as a value for JSON.
func valueOf(attribute types.AttributeValue) any {
	switch a := attribute.(type) {
	case *types.AttributeValueMemberBOOL:
		return a.Value
	case *types.AttributeValueMemberN:
		return json.Number(a.Value)
	case *types.AttributeValueMemberS:
		return a.Value
	case *types.AttributeValueMemberB:
		return a.Value
	case *types.AttributeValueMemberSS:
		return a.Value
	case *types.AttributeValueMemberNS:
		numbers := make([]json.Number, len(a.Value))
		for i, n := range a.Value {
			numbers[i] = json.Number(n)
		}
		return numbers
	case *types.AttributeValueMemberBS:
		return a.Value
	case *types.AttributeValueMemberL:
		list := []any{}
		for _, item := range a.Value {
			list = append(list, valueOf(item))
		}
		return list
	case *types.AttributeValueMemberM:
		m := map[string]any{}
		for name, member := range a.Value {
			m[name] = valueOf(member)
		}
		return m
	}
	return nil
}

// seed empties the tables that a case names and stores its items in them.
func (s Tables) seed(ctx context.Context, c golden.Case) error {
	named := map[string]bool{}
	for _, items := range []map[string][]json.RawMessage{c.Config.Tables, c.Want.Tables} {
		for table := range items {
			named[table] = true
		}
	}
	if s.DB == nil && len(named) > 0 {
		return errors.New("the case states tables, and this stack has none: declare them in function.json")
	}
	for _, table := range slices.Sorted(maps.Keys(named)) {
		if err := s.Clear(ctx, table); err != nil {
			return fmt.Errorf("empty the table %s: %w", table, err)
		}
	}
	return c.Seed(ctx, s)
}

// with adds the tables of a case that are not the function's, in the Region of its event, and makes them if need be.
func (s Tables) with(ctx context.Context, c golden.Case) (Tables, error) {
	if len(c.Config.Keys) == 0 {
		return s, nil
	}
	if s.DB == nil {
		return s, errors.New("the case has tables of others, and this stack has no DynamoDB: add the grant to function.json")
	}
	var event struct{ Region string }
	if err := json.Unmarshal(c.Event, &event); err != nil {
		return s, err
	}
	s.others = map[string]*dynamodb.Client{}
	for _, table := range slices.Sorted(maps.Keys(c.Config.Keys)) {
		db := dynamodb.New(s.DB.Options(), func(o *dynamodb.Options) { o.Region = cmp.Or(event.Region, o.Region) })
		key := manifest.Table{HashKey: manifest.Key{Name: c.Config.Keys[table]}}
		if err := tables.CreateDeclared(ctx, db, table, key); err != nil {
			return s, err
		}
		s.others[table] = db
	}
	return s, nil
}

// db returns the client for a table.
func (s Tables) db(table string) *dynamodb.Client { return cmp.Or(s.others[table], s.DB) }

// check compares the tables that a case states. Mails and SMS are for unit tests.
func (s Tables) check(ctx context.Context, c golden.Case) error {
	c.Want.Mails, c.Want.SMS = nil, nil
	return c.CheckState(ctx, s, nil)
}
