// Package dynamoitem has what the stores in DynamoDB share to write items, to read them, and to learn why a write was
// refused. How strict a store is about an attribute that is missing or has another type is its own matter.
package dynamoitem

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Item is an item of a table, or its key.
type Item = map[string]types.AttributeValue

// Text returns a string attribute.
func Text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

// Number returns a number attribute.
func Number(n int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}
}

// RefusedBy returns the item that failed a write's condition, if err is such an error. The item is empty if there was
// none, or if the request did not ask for it.
func RefusedBy(err error) (Item, bool) {
	var failed *types.ConditionalCheckFailedException
	if !errors.As(err, &failed) {
		return nil, false
	}
	return failed.Item, true
}

// Reader keeps the first error, so that decoding needs no error check per attribute.
type Reader struct{ Err error }

// Fail records that the attribute is not what was wanted, such as "a string".
func (r *Reader) Fail(name, want string) {
	if r.Err == nil {
		r.Err = fmt.Errorf("item attribute %s is not %s", name, want)
	}
}
