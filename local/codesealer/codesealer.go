// Package codesealer has the program cmd/codesealer encrypt the codes for custom senders, as Cognito does. That program
// alone links AWS's Encryption SDK, which takes a minute and a half of a processor to compile: what starts a user pool
// compiles quickly, and only whoever has a custom sender waits once.
//
// The two talk in lines of JSON: requests on the program's standard input, answers on its standard output, in any
// order. The program ends with its input.
package codesealer

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

const (
	// compileLimit bounds how long a code waits until the program is compiled and started.
	compileLimit = 5 * time.Minute
	// answerLimit bounds how long a code waits for its answer: codes are encrypted one after the other, and each calls
	// KMS, for seconds if that is down.
	answerLimit = 2 * time.Minute
)

// Options configure New.
type Options struct {
	// Program returns the program's path, and may compile it first; see Compile.
	Program func(ctx context.Context) (string, error)
	// Environment returns the program's variables: where KMS is, the Region and credentials.
	Environment func() map[string]string
}

// Sealer encrypts codes with a program that it starts when a code needs it, and again if it has died. It is safe for
// concurrent use. Close it in the end.
type Sealer struct {
	options              Options
	compiling, answering time.Duration // limits
	ctx                  context.Context
	stop                 context.CancelFunc
	mu                   sync.Mutex
	newest               *attempt // to start the program; nil before the first
}

// attempt is one to start the program.
type attempt struct {
	done    chan struct{} // closed when the program has been started, or err says why not
	program *program
	err     error
}

// New returns a Sealer, which starts nothing yet.
func New(o Options) *Sealer {
	s := &Sealer{options: o, compiling: compileLimit, answering: answerLimit}
	s.ctx, s.stop = context.WithCancel(context.Background())
	return s
}

// Prepare begins to compile and start the program, so that the first code finds it ready. The next code reports what
// fails.
func (s *Sealer) Prepare() { s.current() }

// Seal encrypts a code for the functions of a pool and returns the message in base64, as request.code has it; key is
// the ARN of the KMS key. It waits until the program is compiled and runs. An error says what failed: the compilation,
// the program, or the encryption. The next call tries again.
func (s *Sealer) Seal(ctx context.Context, key, poolID, code string) (string, error) {
	a := s.current()
	select {
	case <-a.done:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	if a.err != nil {
		return "", a.err
	}
	return a.program.seal(ctx, request{Key: key, Pool: poolID, Code: code})
}

// Close ends the program, or its compilation, and waits for that.
func (s *Sealer) Close() {
	s.stop()
	s.mu.Lock()
	a := s.newest
	s.mu.Unlock()
	if a == nil {
		return
	}
	<-a.done
	if a.err == nil {
		a.program.end()
	}
}

// current returns the newest attempt to start the program, which is a new one if the last has failed or its program has
// died.
func (s *Sealer) current() *attempt {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.newest == nil || s.newest.over() {
		a := &attempt{done: make(chan struct{})}
		s.newest = a
		go func() {
			defer close(a.done)
			a.program, a.err = s.start()
		}()
	}
	return s.newest
}

func (a *attempt) over() bool {
	select {
	case <-a.done:
		return a.err != nil || a.program.dead()
	default:
		return false
	}
}

var errClosed = errors.New("what encrypts codes has been closed")

func (s *Sealer) start() (*program, error) {
	if s.ctx.Err() != nil {
		return nil, errClosed
	}
	ctx, cancel := context.WithTimeout(s.ctx, s.compiling)
	defer cancel()
	path, err := s.options.Program(ctx)
	switch {
	case s.ctx.Err() != nil:
		return nil, errClosed
	case ctx.Err() != nil:
		return nil, fmt.Errorf("the program that encrypts codes is not compiled after %v", s.compiling)
	case err != nil:
		return nil, fmt.Errorf("the program that encrypts codes: %w", err)
	}
	p, err := start(path, s.options.Environment(), s.answering)
	if err != nil {
		return nil, fmt.Errorf("start the program that encrypts codes: %w", err)
	}
	return p, nil
}
