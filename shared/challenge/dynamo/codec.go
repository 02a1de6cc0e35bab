package dynamo

import (
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cognito-triggers/shared/challenge"
	"cognito-triggers/shared/internal/dynamoitem"
)

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

func encode(name string, v challenge.Versioned) dynamoitem.Item {
	out := dynamoitem.Item{
		pk: dynamoitem.Text(name), version: dynamoitem.Number(v.Version), change: dynamoitem.Text(v.Change),
		expiresAt: dynamoitem.Number(v.Until),
	}
	for name, times := range map[string][]int64{sends: v.Sends, wrong: v.Wrong} {
		if len(times) > 0 {
			out[name] = numbers(times)
		}
	}
	for name, p := range map[string]*challenge.Pending{code: v.Code, link: v.Link} {
		if p == nil {
			continue
		}
		members := dynamoitem.Item{
			method: dynamoitem.Text(string(p.Method)), id: dynamoitem.Text(p.ID), sentAt: dynamoitem.Number(p.SentAt),
			until: dynamoitem.Number(p.Until),
		}
		if p.Hash != "" {
			members[hash] = dynamoitem.Text(p.Hash)
		}
		out[name] = &types.AttributeValueMemberM{Value: members}
	}
	return out
}

func numbers(all []int64) types.AttributeValue {
	list := &types.AttributeValueMemberL{}
	for _, n := range all {
		list.Value = append(list.Value, dynamoitem.Number(n))
	}
	return list
}

// decode reads a record's item. The error names an attribute whose type encode does not write: a record that cannot be
// read must not count as none, which would lift its limits.
func decode(from dynamoitem.Item) (challenge.Versioned, error) {
	r := reader{}
	v := challenge.Versioned{Version: r.number(from, version), Change: textOf(from[change])}
	v.Until = r.number(from, expiresAt)
	v.Sends, v.Wrong = r.numbers(from, sends), r.numbers(from, wrong)
	v.Code, v.Link = r.pending(from, code), r.pending(from, link)
	return v, r.Err
}

// reader keeps the first error, so that decoding needs no error check per attribute.
type reader struct{ dynamoitem.Reader }

func (r *reader) number(from dynamoitem.Item, name string) int64 {
	value, ok := from[name].(*types.AttributeValueMemberN)
	if !ok {
		r.Fail(name, "a number")
		return 0
	}
	n, err := strconv.ParseInt(value.Value, 10, 64)
	if err != nil {
		r.Fail(name, "a whole number")
	}
	return n
}

func (r *reader) numbers(from dynamoitem.Item, name string) (all []int64) {
	if from[name] == nil {
		return nil
	}
	list, ok := from[name].(*types.AttributeValueMemberL)
	if !ok {
		r.Fail(name, "a list")
		return nil
	}
	for _, value := range list.Value {
		all = append(all, r.number(dynamoitem.Item{name: value}, name))
	}
	return all
}

func (r *reader) pending(from dynamoitem.Item, name string) *challenge.Pending {
	if from[name] == nil {
		return nil
	}
	members, ok := from[name].(*types.AttributeValueMemberM)
	if !ok {
		r.Fail(name, "a map")
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
