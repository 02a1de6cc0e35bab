package soak

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"cognito-triggers/local/lambdaruntime/process"
)

const (
	startLimit = 10 * time.Minute // the first start installs the emulator
	stopLimit  = 30 * time.Second
	filePoll   = 20 * time.Millisecond
)

// addresses is the file that `poolctl run` writes when everything is up.
type addresses struct {
	Endpoint     string `json:"endpoint"`
	Region       string `json:"region"`
	UserPoolID   string `json:"userPoolId"`
	ClientID     string `json:"clientId"`
	AWSEndpoint  string `json:"awsEndpoint"`
	ProfileTable string `json:"profileTable"`
}

// pool is `poolctl run` as a separate process, so that its memory can be measured.
type pool struct {
	addresses
	process *process.Process
	dir     string
}

func startPool(ctx context.Context, root string, logs io.Writer) (*pool, error) {
	dir, err := os.MkdirTemp("", "soak")
	if err != nil {
		return nil, err
	}
	out := filepath.Join(dir, "local.json")
	cmd := exec.Command(filepath.Join(root, "build", "poolctl"), "run", "--play=false", "--port", "0", "--out", out)
	cmd.Dir = root
	p := &pool{dir: dir}
	if p.process, err = process.Start(cmd, logs); err != nil {
		return nil, errors.Join(fmt.Errorf("start build/poolctl (built by `make build-local`): %w", err), os.RemoveAll(dir))
	}
	if err := p.await(ctx, out); err != nil {
		p.process.Kill()
		<-p.process.Done()
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return p, nil
}

// await waits for the file with the addresses.
func (p *pool) await(ctx context.Context, path string) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	tick := time.NewTicker(filePoll)
	defer tick.Stop()
	for {
		text, err := os.ReadFile(path)
		if err == nil {
			return json.Unmarshal(text, &p.addresses)
		}
		select {
		case <-p.process.Done():
			return p.alive(ctx)
		case <-ctx.Done():
			return fmt.Errorf("the pool did not start: %w", ctx.Err())
		case <-tick.C:
		}
	}
}

// alive returns an error if ctx is cancelled or the pool has exited.
func (p *pool) alive(ctx context.Context) error {
	select {
	case <-p.process.Done():
		return fmt.Errorf("the pool exited (%v); it printed:\n\t%s", p.process.State(),
			strings.Join(p.process.Tail(), "\n\t"))
	default:
		return ctx.Err()
	}
}

func (p *pool) stop() error {
	p.process.Terminate()
	kill := time.AfterFunc(stopLimit, p.process.Kill)
	<-p.process.Done()
	kill.Stop()
	var err error
	if !p.process.State().Success() {
		err = fmt.Errorf("the pool did not exit cleanly: %v", p.process.State())
	}
	return errors.Join(err, os.RemoveAll(p.dir))
}
