package emulator

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"cognito-triggers/local/lambdaruntime/process"
)

const (
	startLimit = time.Minute           // until it responds
	healthPoll = 20 * time.Millisecond // between two health checks
	stopLimit  = 5 * time.Second       // between SIGTERM and SIGKILL
)

// launcher runs ministack at a Unix socket in its working folder and dies with this program.
//
//go:embed launcher.py
var launcher string

// server is a running ministack with its guard.
type server struct {
	guard   *guard
	process *process.Process
	folder  runFolder
	alive   io.Closer // the launcher's standard input
}

// startServer installs ministack if needed and starts it.
func startServer(ctx context.Context, o Options, region string) (*server, error) {
	interpreter, folder, err := prepare(ctx, o)
	if err != nil {
		return nil, err
	}
	s := &server{folder: folder}
	if s.guard, err = startGuard(filepath.Join(folder.path, socketName)); err == nil {
		if err = s.start(ctx, o, interpreter, region); err == nil {
			return s, nil
		}
		err = errors.Join(err, s.guard.close())
	}
	return nil, errors.Join(err, folder.remove())
}

// prepare returns the interpreter with ministack and a working folder.
func prepare(ctx context.Context, o Options) (interpreter string, folder runFolder, err error) {
	err = locked(ctx, o, func(ctx context.Context, dir string) (err error) {
		if interpreter, err = install(ctx, dir, requirements, o.Logs); err != nil {
			return err
		}
		if folder, err = newRunFolder(dir); err != nil {
			return fmt.Errorf("emulator: %w", err)
		}
		return nil
	})
	return interpreter, folder, err
}

// locked runs work while holding the lock of the emulator's folder, so that one program at a time does it.
func locked(ctx context.Context, o Options, work func(ctx context.Context, dir string) error) error {
	ctx, cancel := context.WithTimeout(ctx, installLimit)
	defer cancel()
	dir := filepath.Join(o.BuildDir, "emulator")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("emulator: %w", err)
	}
	held, err := lock(ctx, filepath.Join(dir, "lock"))
	if err != nil {
		return fmt.Errorf("emulator: %w", err)
	}
	defer held.Close()
	return work(ctx, dir)
}

// start starts ministack and waits until it responds.
func (s *server) start(ctx context.Context, o Options, interpreter, region string) error {
	cmd := exec.Command(interpreter, "-c", launcher)
	cmd.Dir = s.folder.path
	cmd.Env = []string{
		"SOCKET=" + socketName,
		"GATEWAY_PORT=" + s.guard.port(), // for the URLs in its answers
		"MINISTACK_REGION=" + region,
		"SERVICES=" + strings.Join(o.Services, ","),
		"LOG_LEVEL=WARNING",
		"IOT_MTLS_ENABLED=0", // or it listens on a fixed port of all interfaces
		"SFTP_ENABLED=0",
		"DOCKER_HOST=unix://" + filepath.Join(s.folder.path, "none"), // or it removes the user's containers
		"HOME=" + s.folder.path,
		"TMPDIR=" + s.folder.path,
		"STATE_DIR=" + cmp.Or(o.State, filepath.Join(s.folder.path, "state")),
		"PERSIST_STATE=" + map[bool]string{true: "1", false: "0"}[o.State != ""],
		"S3_DATA_DIR=" + filepath.Join(s.folder.path, "s3"),
		"PATH=/usr/local/bin:/usr/bin:/bin",
		"LANG=C.UTF-8",
		"PYTHONUNBUFFERED=1",
	}
	alive, err := cmd.StdinPipe()
	if err != nil {
		return fmt.Errorf("emulator: %w", err)
	}
	if s.process, err = process.Start(cmd, o.Logs); err != nil {
		return fmt.Errorf("emulator: starting ministack: %w", err)
	}
	s.alive = alive
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	if err := s.awaitHealth(ctx); err != nil {
		s.process.Kill()
		<-s.process.Done()
		return err
	}
	s.warm(ctx)
	return nil
}

// warm sends the first request to DynamoDB, which makes ministack load half of botocore. The response does not matter.
func (s *server) warm(ctx context.Context) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.guard.url, strings.NewReader("{}"))
	if err != nil {
		return
	}
	req.Header.Set("Content-Type", "application/x-amz-json-1.0")
	req.Header.Set("X-Amz-Target", "DynamoDB_20120810.ListTables")
	if resp, err := client.Do(req); err == nil {
		_ = resp.Body.Close()
	}
}

// awaitHealth polls until ministack responds, has exited, or ctx ends.
func (s *server) awaitHealth(ctx context.Context) error {
	tick := time.NewTicker(healthPoll)
	defer tick.Stop()
	for {
		select {
		case <-s.process.Done():
			return fmt.Errorf("emulator: ministack did not start (%v)%s", s.process.State(), lastLines(s.process.Tail()))
		case <-ctx.Done():
			return fmt.Errorf("emulator: ministack did not answer in time: %w%s", ctx.Err(), lastLines(s.process.Tail()))
		case <-tick.C:
			if getJSON(ctx, s.guard.url+"/_ministack/health", &struct{}{}) == nil {
				return nil
			}
		}
	}
}

// stop stops the guard, then ministack with SIGTERM, then SIGKILL.
func (s *server) stop() error {
	closed := s.guard.close()
	var err error
	select {
	case <-s.process.Done():
		err = fmt.Errorf("emulator: ministack had already exited (%v)%s", s.process.State(), lastLines(s.process.Tail()))
	default:
		s.process.Terminate()
	}
	kill := time.AfterFunc(stopLimit, s.process.Kill)
	<-s.process.Done()
	kill.Stop()
	_ = s.alive.Close() // already closed with the process
	return errors.Join(err, closed, s.folder.remove())
}

// getJSON reads one of the emulator's own pages.
func getJSON(ctx context.Context, url string, into any) error {
	ctx, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return errors.New(resp.Status)
	}
	return json.NewDecoder(resp.Body).Decode(into)
}
