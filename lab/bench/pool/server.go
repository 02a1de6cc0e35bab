package pool

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"cognito-triggers/local/lambdaruntime/process"
	"cognito-triggers/local/userpool/poolclient"
)

const (
	// appClient is the name, in the pool settings, of the app client that users sign in with.
	appClient  = "app"
	startLimit = time.Minute
	startPoll  = 5 * time.Millisecond
	stopLimit  = 10 * time.Second // between SIGTERM and SIGKILL
)

// server is a running server of the Cognito API.
type server struct {
	process      *process.Process
	pid          int
	started      time.Duration // from the spawn until the pool is usable
	endpoint     string
	pool, client string
	version      string // of ministack
	cognito      *cip.Client
}

// startOurs starts `poolctl run` with the emulator already running, so that its start is the pool's and the functions'
// deployment, and every child process is a function.
func (b *bench) startOurs(ctx context.Context) (*server, error) {
	out := filepath.Join(b.scratch, "local.json")
	cmd := exec.Command(b.Poolctl, "run", "--play=false", "--watch=false", "--port=0", "--out="+out)
	cmd.Dir = b.Root
	cmd.Env = os.Environ()
	for name, value := range b.rest.Environment() {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	s, began, err := b.spawn(cmd)
	if err != nil {
		return nil, err
	}
	var local struct{ Endpoint, Region, UserPoolID, ClientID string }
	err = s.await(ctx, func() (bool, error) {
		text, err := os.ReadFile(out)
		if errors.Is(err, fs.ErrNotExist) {
			return false, nil
		}
		return true, errors.Join(err, json.Unmarshal(text, &local))
	})
	s.started = time.Since(began)
	s.endpoint, s.pool, s.client = local.Endpoint, local.UserPoolID, local.ClientID
	s.cognito = poolclient.New(local.Endpoint, local.Region)
	return s, err
}

// startPeer starts ministack with only user pools, and creates one with the same settings.
func (b *bench) startPeer(ctx context.Context) (*server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	port := listener.Addr().(*net.TCPAddr).Port
	if err := listener.Close(); err != nil {
		return nil, err
	}
	region := b.rest.Environment()["AWS_REGION"]
	cmd := exec.Command(b.interpreter, "-m", "ministack")
	cmd.Dir = b.scratch
	cmd.Env = peerEnvironment(b.scratch, region, port)
	s, began, err := b.spawn(cmd)
	if err != nil {
		return nil, err
	}
	s.endpoint = "http://127.0.0.1:" + strconv.Itoa(port)
	s.cognito = poolclient.New(s.endpoint, region)
	if err := s.await(ctx, func() (bool, error) { return s.healthy(ctx), nil }); err != nil {
		return s, err
	}
	made, err := b.spec.Create(ctx, s.cognito, nil, nil)
	s.started = time.Since(began)
	s.pool, s.client = made.ID, made.Clients[appClient]
	return s, err
}

func peerEnvironment(dir, region string, port int) []string {
	return []string{
		"BIND_HOST=127.0.0.1",
		"GATEWAY_PORT=" + strconv.Itoa(port),
		"MINISTACK_REGION=" + region,
		"SERVICES=cognito-idp",
		"LOG_LEVEL=WARNING",
		"IOT_MTLS_ENABLED=0", // or it listens on a fixed port of all interfaces
		"SFTP_ENABLED=0",
		"DOCKER_HOST=unix://" + filepath.Join(dir, "none"), // or it removes the user's containers
		"HOME=" + dir,
		"TMPDIR=" + dir,
		"STATE_DIR=" + filepath.Join(dir, "state"),
		"S3_DATA_DIR=" + filepath.Join(dir, "s3"),
		"PATH=/usr/local/bin:/usr/bin:/bin",
		"LANG=C.UTF-8",
	}
}

func (b *bench) spawn(cmd *exec.Cmd) (*server, time.Time, error) {
	began := time.Now()
	p, err := process.Start(cmd, b.Log)
	if err != nil {
		return nil, began, err
	}
	return &server{process: p, pid: p.PID()}, began, nil
}

// await polls until the server is ready, has exited or takes too long.
func (s *server) await(ctx context.Context, ready func() (bool, error)) error {
	tick := time.NewTicker(startPoll)
	defer tick.Stop()
	limit := time.After(startLimit)
	for {
		select {
		case <-tick.C:
			if done, err := ready(); done || err != nil {
				return err
			}
		case <-s.process.Done():
			return fmt.Errorf("it exited with %s:\n%s", s.process.State(), strings.Join(s.process.Tail(), "\n"))
		case <-limit:
			return fmt.Errorf("it was not ready within %s", startLimit)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// healthy requests ministack's health page.
func (s *server) healthy(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	var health struct{ Version string }
	err := getJSON(ctx, s.endpoint+"/_ministack/health", &health)
	s.version = health.Version
	return err == nil
}

// stop stops the server and waits for its exit; it accepts nil.
func (s *server) stop() {
	if s == nil {
		return
	}
	s.process.Terminate()
	kill := time.AfterFunc(stopLimit, s.process.Kill)
	defer kill.Stop()
	<-s.process.Done()
}

func (s *server) usage() Usage { return usageOf(s.pid) }

func getJSON(ctx context.Context, url string, into any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", url, response.Status)
	}
	return json.NewDecoder(response.Body).Decode(into)
}
