package codesealer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"sync"
	"time"

	"cognito-triggers/local/lambdaruntime/process"
)

// maxSaid bounds what is kept of a line that the program prints before it dies, in bytes.
const maxSaid = 500

// program is a running cmd/codesealer.
type program struct {
	process *process.Process
	input   io.WriteCloser
	limit   time.Duration // of an answer

	mu      sync.Mutex
	last    int // ID of a request
	waiting map[int]chan answer
	said    string // the first line that is no answer: what a program that dies says first
	late    bool   // it was killed because an answer was missing
}

func start(path string, environment map[string]string, limit time.Duration) (*program, error) {
	cmd := exec.Command(path)
	cmd.Env = []string{} // nil would be this program's own
	for name, value := range environment {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	p := &program{limit: limit, waiting: map[int]chan answer{}}
	var err error
	if p.input, err = cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if p.process, err = process.Start(cmd, p); err != nil {
		return nil, errors.Join(err, p.input.Close())
	}
	return p, nil
}

// seal sends a request and waits for its answer.
func (p *program) seal(ctx context.Context, r request) (string, error) {
	answered := make(chan answer, 1)
	p.mu.Lock()
	p.last++
	r.ID = p.last
	p.waiting[r.ID] = answered
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.waiting, r.ID)
	}()
	line, err := json.Marshal(r)
	if err != nil {
		return "", err
	}
	limit := time.AfterFunc(p.limit, p.kill) // which ends a write, too
	defer limit.Stop()
	if _, err := p.input.Write(append(line, '\n')); err != nil {
		<-p.process.Done() // nobody but the program closes the pipe
		return "", p.death()
	}
	select {
	case a := <-answered:
		return a.result()
	case <-ctx.Done():
		return "", ctx.Err()
	case <-p.process.Done():
	}
	select { // it may have answered before it died
	case a := <-answered:
		return a.result()
	default:
		return "", p.death()
	}
}

// kill ends the program because an answer is missing.
func (p *program) kill() {
	p.mu.Lock()
	p.late = !p.dead()
	p.mu.Unlock()
	p.process.Kill()
}

// Write implements io.Writer for what the program prints, a line in each call.
func (p *program) Write(line []byte) (int, error) {
	var a answer
	err := json.Unmarshal(line, &a)
	p.mu.Lock()
	defer p.mu.Unlock()
	if answered := p.waiting[a.ID]; err == nil && answered != nil {
		delete(p.waiting, a.ID) // a second answer would find no place
		answered <- a
	} else if said := bytes.TrimSpace(line); a.ID == 0 && p.said == "" {
		p.said = string(said[:min(len(said), maxSaid)])
	}
	return len(line), nil
}

func (p *program) dead() bool {
	select {
	case <-p.process.Done():
		return true
	default:
		return false
	}
}

// death says how the program died.
func (p *program) death() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.late {
		return fmt.Errorf("the program that encrypts codes was stopped: it did not answer within %v", p.limit)
	}
	text := fmt.Sprintf("the program that encrypts codes died (%v)", p.process.State())
	if p.said != "" {
		text += ": " + p.said
	}
	return errors.New(text)
}

// end kills the program and waits until it is gone.
func (p *program) end() {
	p.process.Kill()
	<-p.process.Done()
}
