package dynamo

import (
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cognito-triggers/shared/challenge"
)

// item is an item of the table.
type item = map[string]types.AttributeValue

// The items' attributes, named as in the record's JSON.
const (
	pk        = "pk"
	version   = "version"
	change    = "change"
	sends     = "sends"
	wrong     = "wrong"
	code      = "code"
	link      = "link"
	expiresAt = "expires_at" // the table's time to live

	method = "method"
	id     = "id"
	hash   = "hash"
	sentAt = "sent_at"
	until  = "until"
)

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func number(n int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}
}

func encode(name string, v challenge.Versioned) item {
	out := item{pk: text(name), version: number(v.Version), change: text(v.Change), expiresAt: number(v.Until)}
	for name, times := range map[string][]int64{sends: v.Sends, wrong: v.Wrong} {
		if len(times) > 0 {
			out[name] = numbers(times)
		}
	}
	for name, p := range map[string]*challenge.Pending{code: v.Code, link: v.Link} {
		if p == nil {
			continue
		}
		members := item{method: text(string(p.Method)), id: text(p.ID), sentAt: number(p.SentAt), until: number(p.Until)}
		if p.Hash != "" {
			members[hash] = text(p.Hash)
		}
		out[name] = &types.AttributeValueMemberM{Value: members}
	}
	return out
}

func numbers(all []int64) types.AttributeValue {
	list := &types.AttributeValueMemberL{}
	for _, n := range all {
		list.Value = append(list.Value, number(n))
	}
	return list
}

// decode reads a record's item. The error names an attribute whose type encode does not write: a record that cannot be
// read must not count as none, which would lift its limits.
func decode(from item) (challenge.Versioned, error) {
	r := reader{}
	v := challenge.Versioned{Version: r.number(from, version), Change: textOf(from[change])}
	v.Until = r.number(from, expiresAt)
	v.Sends, v.Wrong = r.numbers(from, sends), r.numbers(from, wrong)
	v.Code, v.Link = r.pending(from, code), r.pending(from, link)
	return v, r.err
}

// reader keeps the first error, so that decoding needs no error check per attribute.
type reader struct{ err error }

func (r *reader) fail(name, want string) {
	if r.err == nil {
		r.err = fmt.Errorf("item attribute %s is not %s", name, want)
	}
}

func (r *reader) number(from item, name string) int64 {
	value, ok := from[name].(*types.AttributeValueMemberN)
	if !ok {
		r.fail(name, "a number")
		return 0
	}
	n, err := strconv.ParseInt(value.Value, 10, 64)
	if err != nil {
		r.fail(name, "a whole number")
	}
	return n
}

func (r *reader) numbers(from item, name string) (all []int64) {
	if from[name] == nil {
		return nil
	}
	list, ok := from[name].(*types.AttributeValueMemberL)
	if !ok {
		r.fail(name, "a list")
		return nil
	}
	for _, value := range list.Value {
		all = append(all, r.number(item{name: value}, name))
	}
	return all
}

func (r *reader) pending(from item, name string) *challenge.Pending {
	if from[name] == nil {
		return nil
	}
	members, ok := from[name].(*types.AttributeValueMemberM)
	if !ok {
		r.fail(name, "a map")
		return nil
	}
	return &challenge.Pending{
		Method: challenge.Method(textOf(members.Value[method])), ID: textOf(members.Value[id]),
		Hash: textOf(members.Value[hash]), SentAt: r.number(members.Value, sentAt), Until: r.number(members.Value, until),
	}
}

// textOf returns a string attribute, "" for anything else.
func textOf(value types.AttributeValue) string {
	if s, ok := value.(*types.AttributeValueMemberS); ok {
		return s.Value
	}
	return ""
}
