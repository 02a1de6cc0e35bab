package main

import (
	"context"
	"fmt"
	"io"

	"cognito-triggers/local/inspect"
	"cognito-triggers/local/userpool/fire"
)

// printEvents prints each event from now on as `poolctl events` does, until ctx ends.
func printEvents(ctx context.Context, w io.Writer, log *fire.Log) {
	last := 0
	records, more := log.After(0)
	if n := len(records); n > 0 {
		last = records[n-1].Number
	}
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
