package codesealer

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
)

// request asks for a code to be encrypted.
type request struct {
	ID   int    `json:"id"`   // 1 or more
	Key  string `json:"key"`  // ARN of a KMS key
	Pool string `json:"pool"` // ID
	Code string `json:"code"`
}

// answer is the one to the request with its ID: the encrypted code, or why there is none.
type answer struct {
	ID     int    `json:"id"`
	Sealed string `json:"sealed,omitempty"`
	Error  string `json:"error,omitempty"`
}

func (a answer) result() (string, error) {
	if a.Error != "" {
		return "", errors.New(a.Error)
	}
	return a.Sealed, nil
}

// Serve is the program's side: it answers requests until the input ends, each as soon as seal has returned. It returns
// an error if a line is not a request, or if the answers cannot be written.
func Serve(ctx context.Context, in io.Reader, out io.Writer,
	seal func(ctx context.Context, key, poolID, code string) (string, error)) error {
	ctx, cancel := context.WithCancelCause(ctx)
	var answering sync.WaitGroup
	defer answering.Wait()
	defer cancel(nil)
	var writing sync.Mutex
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		var r request
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil || r.ID < 1 {
			return errors.New("a line of the input is not a request") // it may have a code
		}
		answering.Go(func() {
			a := answer{ID: r.ID}
			sealed, err := seal(ctx, r.Key, r.Pool, r.Code)
			if a.Sealed = sealed; err != nil {
				a.Sealed, a.Error = "", err.Error()
			}
			writing.Lock()
			defer writing.Unlock()
			if err := json.NewEncoder(out).Encode(a); err != nil {
				cancel(fmt.Errorf("write an answer: %w", err))
			}
		})
	}
	return errors.Join(lines.Err(), context.Cause(ctx))
}
