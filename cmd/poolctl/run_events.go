package main

import (
	"context"
	"fmt"
	"io"

	"cognito-triggers/local/inspect"
	"cognito-triggers/local/userpool/fire"
)

// printer returns a function that prints each event after this call as `poolctl events` does, until its context ends.
func printer(log *fire.Log) func(ctx context.Context, w io.Writer) {
	records, more := log.After(0)
	last := 0
	if n := len(records); n > 0 {
		last = records[n-1].Number
	}
	return func(ctx context.Context, w io.Writer) {
		for {
			select {
			case <-ctx.Done():
				return
			case <-more:
			}
			records, more = log.After(last)
			for _, r := range records {
				last = r.Number
				fmt.Fprint(w, inspect.Text(r))
			}
		}
	}
}
