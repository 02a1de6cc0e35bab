package dynamo

import (
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cognito-triggers/shared/internal/dynamoitem"
	"cognito-triggers/shared/posts"
)

// The items' attributes. None is a reserved word in DynamoDB's expressions.
const (
	pk        = "pk"
	sk        = "sk"
	ownerSub  = "owner_sub"
	title     = "title"
	contents  = "contents"
	createdAt = "created_at"
	updatedAt = "updated_at"
	version   = "version"
	changeID  = "change_id" // id of the last update, see Update

	payload   = "payload" // of a claim: digest of title and contents
	postID    = "post_id"
	expiresAt = "expires_at" // seconds since 1970, the table's time to live

	secretBytes = "secret_bytes"
)

// monthsKey is the partition that lists the months with posts.
const monthsKey = "months"

// timeForm is RFC 3339 with a fixed number of digits, so that texts sort like times.
const timeForm = "2006-01-02T15:04:05.000Z07:00"

func timestamp(t time.Time) types.AttributeValue {
	return dynamoitem.Text(posts.Timestamp(t).Format(timeForm))
}

func bucket(month string) string { return "month#" + month }

func key(id posts.ID) dynamoitem.Item {
	return dynamoitem.Item{pk: dynamoitem.Text(bucket(posts.Month(id))), sk: dynamoitem.Text(id.String())}
}

func claimKey(owner, idempotencyKey string) dynamoitem.Item {
	name := "idem#" + owner + "#" + posts.KeyDigest(idempotencyKey)
	return dynamoitem.Item{pk: dynamoitem.Text(name), sk: dynamoitem.Text("-")}
}

// MonthItem returns the item that lists a month with posts, for code that writes posts in bulk.
func MonthItem(month string) map[string]types.AttributeValue {
	return dynamoitem.Item{pk: dynamoitem.Text(monthsKey), sk: dynamoitem.Text(month)}
}

// PostItem returns the item of a post, for code that writes posts in bulk.
func PostItem(p posts.Post) map[string]types.AttributeValue {
	i := key(p.ID)
	i[ownerSub] = dynamoitem.Text(p.Owner)
	i[title] = dynamoitem.Text(p.Title)
	i[contents] = dynamoitem.Text(p.Contents)
	i[createdAt] = timestamp(p.CreatedAt)
	i[updatedAt] = timestamp(p.UpdatedAt)
	i[version] = dynamoitem.Number(int64(p.Version))
	return i
}

func claimItem(p posts.Post, idempotencyKey string) dynamoitem.Item {
	claim := posts.ClaimOf(p)
	i := claimKey(p.Owner, idempotencyKey)
	i[payload] = dynamoitem.Text(claim.Payload)
	i[postID] = dynamoitem.Text(claim.Post.String())
	i[expiresAt] = dynamoitem.Number(claim.Until.Unix())
	return i
}

// decodePost reads a post's item. The error names an attribute whose type PostItem does not write.
func decodePost(i dynamoitem.Item) (posts.Post, error) {
	r := reader{item: i}
	p := posts.Post{
		ID:        r.id(sk),
		Owner:     r.text(ownerSub),
		Title:     r.text(title),
		Contents:  r.text(contents),
		CreatedAt: r.time(createdAt),
		UpdatedAt: r.time(updatedAt),
		Version:   int(r.number(version)),
	}
	p.UpdatedAt = posts.Later(p.CreatedAt, p.UpdatedAt)
	return p, r.Err
}

func decodeClaim(i dynamoitem.Item) (posts.Claim, error) {
	r := reader{item: i}
	claim := posts.Claim{Payload: r.text(payload), Post: r.id(postID), Until: time.Unix(r.number(expiresAt), 0)}
	return claim, r.Err
}

// reader keeps the first error, so that decoding needs no error check per attribute.
type reader struct {
	dynamoitem.Reader
	item dynamoitem.Item
}

func (r *reader) text(name string) string {
	value, ok := r.item[name].(*types.AttributeValueMemberS)
	if !ok {
		r.Fail(name, "a string")
		return ""
	}
	return value.Value
}

func (r *reader) number(name string) int64 {
	value, ok := r.item[name].(*types.AttributeValueMemberN)
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

func (r *reader) id(name string) posts.ID {
	id, err := posts.ParseID(r.text(name))
	if err != nil {
		r.Fail(name, "a post's id")
	}
	return id
}

func (r *reader) time(name string) time.Time {
	t, err := time.Parse(time.RFC3339, r.text(name))
	if err != nil {
		r.Fail(name, "an RFC 3339 time")
	}
	return posts.Timestamp(t)
}
