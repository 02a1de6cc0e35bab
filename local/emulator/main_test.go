package emulator

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	_ "cognito-triggers/local/outside"
)

// buildDir is the repository's build folder, to reuse its installation.
var buildDir = filepath.Join("..", "..", "build")

func TestMain(m *testing.M) {
	for _, entry := range os.Environ() { // these tests start their own emulator
		if name, _, _ := strings.Cut(entry, "="); strings.HasPrefix(name, "AWS_") {
			_ = os.Unsetenv(name)
		}
	}
	if len(os.Args) == 3 && os.Args[1] == "parent" {
		parent(os.Args[2])
	}
	os.Exit(m.Run())
}

// start starts an emulator and stops it at the end of the test.
func start(t *testing.T, o Options) *Emulator {
	t.Helper()
	if o.BuildDir == "" {
		o.BuildDir = buildDir
	}
	e, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Stop() })
	return e
}

// fakeInterpreter writes a shell script that stands in for Python.
func fakeInterpreter(t *testing.T, script string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "python")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// hold connects to ministack itself, to notice when its process ends.
func hold(t *testing.T, socket string) net.Conn {
	t.Helper()
	conn, err := net.Dial("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// awaitEnd waits until the emulator's exit has closed the connection and then the listener.
func awaitEnd(t *testing.T, conn net.Conn) {
	t.Helper()
	limit := time.Now().Add(30 * time.Second)
	_ = conn.SetReadDeadline(limit)
	if _, err := conn.Read(make([]byte, 1)); err == nil || os.IsTimeout(err) {
		t.Errorf("the emulator is still there: %v", err)
	}
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for ; time.Now().Before(limit); <-tick.C {
		another, err := net.Dial("unix", conn.RemoteAddr().String())
		if err != nil {
			return
		}
		_ = another.Close()
	}
	t.Error("the emulator still listens")
}

// parent is this test binary as a program that starts an emulator, prints ministack's socket and is then killed.
func parent(dir string) {
	e, err := Start(context.Background(), Options{BuildDir: dir})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(e.server.guard.socket)
	select {}
}

// logs collects output.
type logs struct {
	mu  sync.Mutex
	all bytes.Buffer
}

// Write implements io.Writer.
func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}
