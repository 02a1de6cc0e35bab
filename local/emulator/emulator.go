// Package emulator is the rest of AWS on this machine: DynamoDB, SES and what else the functions call beside Cognito. It
// runs ministack, pinned with hashes in requirements.txt, in a virtual environment under the build folder, bound to
// loopback on a free port, and leaves no process behind.
//
// Where AWS_ENDPOINT_URL names another emulator, nothing is started and that one is used; AWS_ENDPOINT_URL_DYNAMODB
// replaces DynamoDB alone.
package emulator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"cognito-triggers/local/runtime/process"
)

const (
	healthyWithin = 60 * time.Second // a first start compiles Python's files
	stopWithin    = 5 * time.Second
	poll          = 25 * time.Millisecond
	portTries     = 3
)

// Options say where the virtual environment goes and what overrides the emulator.
type Options struct {
	BuildDir string              // "build" where empty
	Logs     io.Writer           // what pip and ministack print; nil drops it
	Getenv   func(string) string // os.Getenv where nil
}

// Emulator is running until Stop.
type Emulator struct {
	Endpoint string // for example http://127.0.0.1:40123

	dynamoDB string           // another DynamoDB's endpoint, or empty
	process  *process.Process // nil where the endpoint is somebody else's
	scratch  string           // the process's folder for temporary files
}

// Start prepares the virtual environment if it is not there yet, starts ministack and waits until it answers.
func Start(ctx context.Context, o Options) (*Emulator, error) {
	if o.BuildDir == "" {
		o.BuildDir = "build"
	}
	if o.Logs == nil {
		o.Logs = io.Discard
	}
	if o.Getenv == nil {
		o.Getenv = os.Getenv
	}
	dynamoDB := o.Getenv("AWS_ENDPOINT_URL_DYNAMODB")
	if endpoint := o.Getenv("AWS_ENDPOINT_URL"); endpoint != "" {
		return &Emulator{Endpoint: strings.TrimRight(endpoint, "/"), dynamoDB: dynamoDB}, nil
	}
	python, err := environment(ctx, o)
	if err != nil {
		return nil, err
	}
	for range portTries {
		var e *Emulator
		if e, err = launch(ctx, o, python); err == nil {
			e.dynamoDB = dynamoDB
			return e, nil
		}
		if !errors.Is(err, errPortTaken) {
			break
		}
	}
	return nil, err
}

var errPortTaken = errors.New("the port was taken by another program meanwhile")

// launch starts one process and waits for its health.
func launch(ctx context.Context, o Options, python string) (*Emulator, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	scratch, err := os.MkdirTemp(filepath.Join(o.BuildDir, "emulator"), "run-")
	if err != nil {
		return nil, err
	}
	if scratch, err = filepath.Abs(scratch); err != nil {
		return nil, err
	}
	cmd := exec.Command(python, "-m", "ministack")
	cmd.Dir = scratch
	// A clean environment: what ministack itself has would reach the functions that it runs.
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + scratch, "TMPDIR=" + scratch, "LANG=C.UTF-8",
		"BIND_HOST=127.0.0.1", "GATEWAY_PORT=" + strconv.Itoa(port), "LOG_LEVEL=WARNING",
	}
	started, err := process.Start(cmd, o.Logs)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start the emulator: %w", err), os.RemoveAll(scratch))
	}
	e := &Emulator{Endpoint: "http://127.0.0.1:" + strconv.Itoa(port), process: started, scratch: scratch}
	if err := e.awaitHealth(ctx); err != nil {
		return nil, errors.Join(err, e.Stop())
	}
	return e, nil
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	port := listener.Addr().(*net.TCPAddr).Port
	return port, listener.Close()
}

// awaitHealth polls until the emulator answers, has died, or its time is up.
func (e *Emulator) awaitHealth(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, healthyWithin)
	defer cancel()
	ticker := time.NewTicker(poll)
	defer ticker.Stop()
	for {
		if e.healthy(ctx) {
			return nil
		}
		select {
		case <-e.process.Done():
			return e.died()
		case <-ctx.Done():
			return fmt.Errorf("the emulator did not answer at %s: %w; it printed:\n%s", e.Endpoint, ctx.Err(), e.tail())
		case <-ticker.C:
		}
	}
}

func (e *Emulator) healthy(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, e.Endpoint+"/_ministack/health", nil)
	if err != nil {
		return false
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	_ = response.Body.Close()
	return response.StatusCode == http.StatusOK
}

func (e *Emulator) died() error {
	tail := e.tail()
	if strings.Contains(strings.ToLower(tail), "address already in use") {
		return errPortTaken
	}
	return fmt.Errorf("the emulator ended before it answered (%s); it printed:\n%s", e.process.State(), tail)
}

func (e *Emulator) tail() string { return strings.Join(e.process.Tail(), "\n") }

// Stop ends the emulator that Start started and waits until it is gone; another's is left alone. Stopping again does
// nothing.
func (e *Emulator) Stop() error {
	if e == nil || e.process == nil {
		return nil
	}
	e.process.Terminate()
	select {
	case <-e.process.Done():
	case <-time.After(stopWithin):
		e.process.Kill()
		<-e.process.Done()
	}
	return os.RemoveAll(e.scratch)
}

// Environment is what functions and clients need to reach the emulator: endpoint, Region and credentials that every
// emulator takes. None of it comes from this program's own credentials.
func (e *Emulator) Environment() map[string]string {
	env := map[string]string{
		"AWS_ENDPOINT_URL":      e.Endpoint,
		"AWS_REGION":            "eu-west-1",
		"AWS_ACCESS_KEY_ID":     "local",
		"AWS_SECRET_ACCESS_KEY": "local",
	}
	if e.dynamoDB != "" {
		env["AWS_ENDPOINT_URL_DYNAMODB"] = e.dynamoDB
	}
	return env
}
