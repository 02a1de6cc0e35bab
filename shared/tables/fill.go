package tables

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cognito-triggers/shared/posts"
	"cognito-triggers/shared/posts/dynamo"
)

const (
	batchSize = 25 // BatchWriteItem's own limit
	writers   = 8
)

// BatchWriter is the part of a DynamoDB client that FillPosts needs.
type BatchWriter interface {
	BatchWriteItem(context.Context, *dynamodb.BatchWriteItemInput,
		...func(*dynamodb.Options)) (*dynamodb.BatchWriteItemOutput, error)
}

// FillPosts writes many posts, and the items of their months, to a posts table. It is faster than the store's Create,
// which writes one post at a time, but overwrites existing items.
func FillPosts(ctx context.Context, client BatchWriter, table string, many []posts.Post) error {
	var requests []types.WriteRequest
	months := map[string]bool{}
	for _, p := range many {
		if month := posts.Month(p.ID); !months[month] {
			months[month] = true
			requests = append(requests, put(dynamo.MonthItem(month)))
		}
		requests = append(requests, put(dynamo.PostItem(p)))
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	batches := make(chan []types.WriteRequest)
	var group sync.WaitGroup
	for range writers {
		group.Go(func() {
			for batch := range batches {
				if err := write(ctx, client, table, batch); err != nil {
					cancel(fmt.Errorf("fill table %s: %w", table, err))
				}
			}
		})
	}
	for batch := range slices.Chunk(requests, batchSize) {
		batches <- batch
	}
	close(batches)
	group.Wait()
	return context.Cause(ctx)
}

func put(item map[string]types.AttributeValue) types.WriteRequest {
	return types.WriteRequest{PutRequest: &types.PutRequest{Item: item}}
}

// write repeats the call with the unprocessed items until there are none.
func write(ctx context.Context, client BatchWriter, table string, batch []types.WriteRequest) error {
	for len(batch) > 0 {
		out, err := client.BatchWriteItem(ctx,
			&dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{table: batch}})
		if err != nil {
			return err
		}
		batch = out.UnprocessedItems[table]
	}
	return nil
}
