package dynamoitem

import (
	"errors"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func TestRefusedBy(t *testing.T) {
	t.Parallel()
	failed := &types.ConditionalCheckFailedException{Item: Item{"pk": Text("a")}}
	if old, refused := RefusedBy(fmt.Errorf("put: %w", failed)); !refused || len(old) != 1 {
		t.Errorf("item %v, refused %t", old, refused)
	}
	for _, err := range []error{nil, errors.New("down"), &types.TransactionConflictException{}} {
		if old, refused := RefusedBy(err); refused || old != nil {
			t.Errorf("%v: item %v, refused %t", err, old, refused)
		}
	}
}

func TestReaderKeepsTheFirstError(t *testing.T) {
	t.Parallel()
	var r Reader
	r.Fail("version", "a number")
	r.Fail("title", "a string")
	if r.Err == nil || r.Err.Error() != "item attribute version is not a number" {
		t.Errorf("error %v", r.Err)
	}
}
