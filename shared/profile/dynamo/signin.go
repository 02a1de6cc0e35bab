package dynamo

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cognito-triggers/shared/internal/dynamoitem"
	"cognito-triggers/shared/profile"
)

// RecordSignIn implements profile.Store. The update's condition holds if the sign-in is due or something about it is
// new; the item as it was before tells which.
func (s *Store) RecordSignIn(ctx context.Context, k profile.Key, in profile.SignIn) (profile.Recorded, error) {
	parameters := dynamoitem.Item{
		":at": timestamp(in.At), ":one": dynamoitem.Number(1), ":due": timestamp(in.At.Add(-in.Interval)),
	}
	conditions := []string{"attribute_not_exists(last_sign_in_at)", "last_sign_in_at <= :due"}
	set, add := "SET last_sign_in_at = :at", " ADD sign_in_count :one"
	if in.Client != "" {
		parameters[":client"] = dynamoitem.Text(in.Client)
		parameters[":clients"] = &types.AttributeValueMemberSS{Value: []string{in.Client}}
		conditions = append(conditions, "NOT contains(sign_in_clients, :client)")
		add += ", sign_in_clients :clients"
	}
	if in.NewDevice {
		parameters[":device"] = timestamp(in.At.Add(-profile.DeviceInterval))
		conditions = append(conditions, "attribute_not_exists(new_device_at)", "new_device_at <= :device")
		set += ", new_device_at = :at"
	}
	out, err := s.client().UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.table,
		Key:       key(k),
		ConditionExpression: aws.String("attribute_exists(pk) AND attribute_not_exists(expires_at) AND (" +
			strings.Join(conditions, " OR ") + ")"),
		UpdateExpression:                    aws.String(set + add),
		ExpressionAttributeValues:           parameters,
		ReturnValues:                        types.ReturnValueAllOld,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	if old, refused := dynamoitem.RefusedBy(err); refused {
		return profile.Recorded{}, standing(old)
	}
	if err != nil {
		return profile.Recorded{}, fmt.Errorf("record sign-in: %w", err)
	}
	r := reader{}
	before := r.signIns(out.Attributes)
	if r.Err != nil {
		return profile.Recorded{}, fmt.Errorf("record sign-in: %w", r.Err)
	}
	_, recorded := before.Record(in)
	return recorded, nil
}

func (r *reader) access(i dynamoitem.Item) profile.Access {
	return profile.Access{
		Suspended:   r.truth(i, suspended),
		LockedUntil: r.time(i, lockedUntil),
		Failures:    r.number(i, failures),
		FailedAt:    r.time(i, failedAt),
		Groups:      r.list(i, groups),
	}
}

func (r *reader) signIns(i dynamoitem.Item) profile.SignIns {
	return profile.SignIns{
		Last:    r.time(i, lastSignInAt),
		Count:   r.number(i, signInCount),
		Clients: r.list(i, signInClients),
		Device:  r.time(i, newDeviceAt),
	}
}

// truth reads a boolean, which may be a text: people write this attribute by hand, and one that cannot be read must not
// count as false.
func (r *reader) truth(i dynamoitem.Item, name string) bool {
	if v, is := i[name].(*types.AttributeValueMemberBOOL); is {
		return v.Value
	}
	switch strings.ToLower(r.text(i, name)) {
	case "true":
		return true
	case "", "false":
		return false
	}
	r.Fail(name, "true or false")
	return false
}

// list reads a set or a list of texts, sorted.
func (r *reader) list(i dynamoitem.Item, name string) []string {
	var texts []string
	switch v := i[name].(type) {
	case nil, *types.AttributeValueMemberNULL:
	case *types.AttributeValueMemberSS:
		texts = slices.Clone(v.Value)
	case *types.AttributeValueMemberL:
		for _, value := range v.Value {
			element, is := value.(*types.AttributeValueMemberS)
			if !is {
				r.Fail(name, "a list of strings")
				return nil
			}
			texts = append(texts, element.Value)
		}
	default:
		r.Fail(name, "a set of strings")
	}
	slices.Sort(texts)
	return texts
}

// encodeSignIn adds the members that decide on sign-ins and those that report them, where they are set.
func encodeSignIn(p profile.Profile, i dynamoitem.Item) {
	if p.Suspended {
		i[suspended] = &types.AttributeValueMemberBOOL{Value: true}
	}
	for name, at := range map[string]time.Time{
		lockedUntil: p.LockedUntil, failedAt: p.FailedAt, lastSignInAt: p.Last, newDeviceAt: p.Device,
	} {
		if !at.IsZero() {
			i[name] = timestamp(at)
		}
	}
	for name, n := range map[string]int{failures: p.Failures, signInCount: p.Count} {
		if n != 0 {
			i[name] = dynamoitem.Number(int64(n))
		}
	}
	for name, set := range map[string][]string{groups: p.Groups, signInClients: p.Clients} {
		if len(set) > 0 {
			i[name] = &types.AttributeValueMemberSS{Value: set}
		}
	}
}
