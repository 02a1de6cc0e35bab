package emulator

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cognito-triggers/local/lambdaruntime/process"
)

// try starts a server with a shell script as its interpreter.
func try(t *testing.T, script string, limit time.Duration) error {
	t.Helper()
	folder, err := newRunFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s := &server{folder: folder}
	if s.guard, err = startGuard(filepath.Join(folder.path, socketName)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.guard.close() })
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	err = s.start(ctx, Options{Services: services}, fakeInterpreter(t, script), defaultRegion)
	if s.process == nil {
		t.Fatal(err)
	}
	select {
	case <-s.process.Done():
	default:
		t.Error("the process is still there after the failure")
	}
	return err
}

func TestFailedStartShowsTheLog(t *testing.T) {
	t.Parallel()
	err := try(t, "echo No module named ministack; exit 1", time.Minute)
	if err == nil || !strings.Contains(err.Error(),
		"did not start (exit status 1); it printed:\n\tNo module named ministack") {
		t.Errorf("error = %v, want status and log", err)
	}
}

func TestStartIsBounded(t *testing.T) {
	t.Parallel()
	err := try(t, "echo thinking; read never", 500*time.Millisecond)
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "did not answer in time") {
		t.Errorf("error = %v, want one about the time", err)
	}
}

func TestStopKillsWhatDoesNotListen(t *testing.T) {
	t.Parallel()
	folder, err := newRunFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("/bin/sh", "-c", "trap '' TERM; echo ready; read never")
	alive, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	ready := make(chan struct{})
	p, err := process.Start(cmd, firstWrite(ready))
	if err != nil {
		t.Fatal(err)
	}
	<-ready
	if err := (&server{guard: &guard{}, process: p, folder: folder, alive: alive}).stop(); err != nil {
		t.Error(err)
	}
	if status := p.State().String(); status != "signal: killed" {
		t.Errorf("it exited with %s, want a kill", status)
	}
}

// firstWrite is closed by the first Write.
type firstWrite chan struct{}

// Write implements io.Writer.
func (f firstWrite) Write(p []byte) (int, error) {
	close(f)
	return len(p), nil
}

// Without a death signal, the emulator learns from the end of its standard input that the program is gone.
func TestEndOfStandardInputEndsIt(t *testing.T) {
	t.Parallel()
	e := start(t, Options{})
	if err := e.server.alive.Close(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-e.server.process.Done():
	case <-time.After(30 * time.Second):
		t.Fatal("the emulator outlives its standard input")
	}
}

func TestEmulatorDiesWithTheProgram(t *testing.T) {
	t.Parallel()
	program := exec.Command(os.Args[0], "parent", buildDir)
	program.Stderr = os.Stderr
	stdout, err := program.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	conn := hold(t, strings.TrimSpace(line))
	if err := program.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = program.Wait()
	awaitEnd(t, conn)
}

func TestFoldersOfDeadProgramsAreRemoved(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	left, err := newRunFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	used, err := newRunFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	_ = left.lock.Close() // as the kernel does when a program dies
	if _, err := newRunFolder(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(left.path); !os.IsNotExist(err) {
		t.Errorf("%s is still there", filepath.Base(left.path))
	}
	if _, err := os.Stat(used.path); err != nil {
		t.Errorf("a folder in use was removed: %v", err)
	}
}
