package dynamo

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cognito-triggers/shared/internal/dynamoitem"
	"cognito-triggers/shared/posts"
)

// monthsAtOnce limits the months that one call reads: many months without posts give an empty page to go on from, not
// an endless call.
const monthsAtOnce = 12

// List implements posts.Store. It starts at the newest month that has an item, not at the current month, so that it
// includes posts by a clock that is ahead.
func (s *Store) List(ctx context.Context, before posts.ID, limit int) (posts.Page, error) {
	page, err := s.list(ctx, before, limit)
	if err != nil {
		return posts.Page{}, fmt.Errorf("list posts: %w", err)
	}
	return page, nil
}

func (s *Store) list(ctx context.Context, before posts.ID, limit int) (posts.Page, error) {
	months, err := s.months(ctx, before)
	if err != nil {
		return posts.Page{}, err
	}
	var page posts.Page
	for i, month := range months {
		if i == monthsAtOnce {
			page.Next, err = posts.MonthStart(months[i-1])
			return page, err
		}
		// One more than asked for reports whether anything is left.
		found, cut, err := s.month(ctx, month, before, limit+1-len(page.Posts))
		if err != nil {
			return posts.Page{}, err
		}
		page.Posts = append(page.Posts, found...)
		if len(page.Posts) > limit {
			page.Posts, cut = page.Posts[:limit], true
		}
		if cut {
			page.Next = page.Posts[len(page.Posts)-1].ID
			return page, nil
		}
	}
	return page, nil
}

// months returns the months to read, newest first, one more than a call reads.
func (s *Store) months(ctx context.Context, before posts.ID) ([]string, error) {
	condition, values := "pk = :pk", dynamoitem.Item{":pk": dynamoitem.Text(monthsKey)}
	if !before.IsZero() {
		condition += " AND sk <= :month"
		values[":month"] = dynamoitem.Text(posts.Month(before))
	}
	out, err := s.client().Query(ctx, s.newestFirst(condition, values, monthsAtOnce+1))
	if err != nil {
		return nil, err
	}
	months := make([]string, len(out.Items))
	for i := range out.Items {
		r := reader{item: out.Items[i]}
		if months[i] = r.text(sk); r.Err != nil {
			return nil, r.Err
		}
	}
	return months, nil
}

// month returns a month's posts before a place, and whether DynamoDB cut the answer short because of its size.
func (s *Store) month(ctx context.Context, month string, before posts.ID,
	limit int) (found []posts.Post, cut bool, err error) {
	condition, values := "pk = :pk", dynamoitem.Item{":pk": dynamoitem.Text(bucket(month))}
	if !before.IsZero() {
		condition += " AND sk < :before"
		values[":before"] = dynamoitem.Text(before.String())
	}
	out, err := s.client().Query(ctx, s.newestFirst(condition, values, limit))
	if err != nil {
		return nil, false, err
	}
	for _, i := range out.Items {
		p, err := decodePost(i)
		if err != nil {
			return nil, false, err
		}
		found = append(found, p)
	}
	return found, len(found) > 0 && len(found) < limit && len(out.LastEvaluatedKey) > 0, nil
}

func (s *Store) newestFirst(condition string, values dynamoitem.Item, limit int) *dynamodb.QueryInput {
	return &dynamodb.QueryInput{
		TableName:                 &s.table,
		KeyConditionExpression:    &condition,
		ExpressionAttributeValues: values,
		ScanIndexForward:          aws.Bool(false),
		ConsistentRead:            aws.Bool(true),
		Limit:                     aws.Int32(int32(limit)),
	}
}
