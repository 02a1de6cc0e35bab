package dynamo

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cognito-triggers/shared/internal/dynamoitem"
)

// pages is a table whose pages may be empty before the last one.
type pages struct {
	all   [][]dynamoitem.Item
	err   error // instead of the last page
	asked []*dynamodb.ScanInput
}

func (p *pages) Scan(_ context.Context, in *dynamodb.ScanInput,
	_ ...func(*dynamodb.Options)) (*dynamodb.ScanOutput, error) {
	sent := *in
	p.asked = append(p.asked, &sent)
	n := len(p.asked)
	if n == len(p.all) {
		return &dynamodb.ScanOutput{Items: p.all[n-1]}, p.err
	}
	return &dynamodb.ScanOutput{
		Items: p.all[n-1], LastEvaluatedKey: dynamoitem.Item{pk: dynamoitem.Number(int64(n))},
	}, nil
}

func TestListReadsEveryPage(t *testing.T) {
	one := func(id string) dynamoitem.Item {
		return dynamoitem.Item{pk: dynamoitem.Text("pool_1#" + id), username: dynamoitem.Text("u-" + id)}
	}
	table := &pages{all: [][]dynamoitem.Item{{one("a"), one("b")}, {}, {one("c")}}}
	var subs []string
	for p, err := range List(t.Context(), table, "profiles", "pool_1") {
		if err != nil || p.UserPoolID != "pool_1" || p.Username != "u-"+p.Sub {
			t.Errorf("%+v, %v", p, err)
		}
		subs = append(subs, p.Sub)
	}
	if !slices.Equal(subs, []string{"a", "b", "c"}) || len(table.asked) != 3 {
		t.Errorf("subs %v with %d requests", subs, len(table.asked))
	}
	if key, ok := table.asked[2].ExclusiveStartKey[pk].(*types.AttributeValueMemberN); !ok || key.Value != "2" {
		t.Errorf("the last request began at %v", table.asked[2].ExclusiveStartKey)
	}
}

func TestListEndsWithAnError(t *testing.T) {
	down := errors.New("down")
	table := &pages{all: [][]dynamoitem.Item{{}, {}}, err: down}
	var got error
	for _, err := range List(t.Context(), table, "profiles", "pool_1") {
		got = err
	}
	if !errors.Is(got, down) {
		t.Errorf("error %v, want %v", got, down)
	}
}
