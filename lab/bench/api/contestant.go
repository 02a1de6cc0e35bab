package api

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// kind is a kind of request to measure.
type kind struct {
	name   string
	body   string
	status int
}

// kinds are a post that is stored, which takes most of its time in DynamoDB, and one that the function refuses by
// itself, which shows the cost of everything in front of it.
func kinds() []kind {
	return []kind{
		{"kept in DynamoDB", `{"title":"Measured","contents":"One of many."}`, http.StatusCreated},
		{"refused by the function", `{"title":"Measured"}`, http.StatusBadRequest},
	}
}

// contestant is a server of POST /post.
type contestant struct {
	name   string
	url    string
	token  string // an access token; empty if the server ignores it
	errs   bool   // it may fail occasionally
	client *http.Client

	mu     sync.Mutex
	rates  map[string][]float64 // right responses per second, by kind and round
	failed int                  // wrong responses
	last   error                // why
}

func newClient(concurrency int) *http.Client {
	return &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: concurrency}, Timeout: time.Minute}
}

// round sends the requests and returns the right responses per second.
func (c *contestant) round(ctx context.Context, k kind, requests, concurrency int) (float64, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	began := time.Now()
	var started, right atomic.Int64
	var workers sync.WaitGroup
	for range concurrency {
		workers.Go(func() {
			for started.Add(1) <= int64(requests) && ctx.Err() == nil {
				switch err := c.send(ctx, k); {
				case err == nil:
					right.Add(1)
				case c.errs:
					c.note(err)
				default:
					cancel(err)
				}
			}
		})
	}
	workers.Wait()
	took := time.Since(began)
	if ctx.Err() != nil {
		return 0, context.Cause(ctx)
	}
	if right.Load() < int64(requests+1)/2 {
		return 0, fmt.Errorf("only %d of %d responses were right: %w", right.Load(), requests, c.last)
	}
	return float64(right.Load()) / took.Seconds(), nil
}

func (c *contestant) note(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failed, c.last = c.failed+1, err
}

// send sends one request and checks the status.
func (c *contestant) send(ctx context.Context, k kind) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, strings.NewReader(k.body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	response, err := c.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return err
	}
	if response.StatusCode != k.status {
		return fmt.Errorf("it answered %s, want %d", response.Status, k.status)
	}
	return nil
}
