package lambdaruntime_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"cognito-triggers/local/gotool"
	"cognito-triggers/local/lambdaruntime"
)

var fixture string // path of the compiled testdata/fixture

func TestMain(m *testing.M) {
	if len(os.Args) == 4 && os.Args[1] == "parent" {
		parent(os.Args[2], os.Args[3])
	}
	os.Exit(runTests(m))
}

func runTests(m *testing.M) int {
	dir, err := os.MkdirTemp("", "runtime")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	fixture = filepath.Join(dir, "bootstrap")
	if _, err := gotool.Run(context.Background(), ".", "build", "-o", fixture, "./testdata/fixture"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// start starts a runner of the fixture, which is closed at the end of the test. It fills in missing fields of fn.
func start(t *testing.T, fn lambdaruntime.Function) *lambdaruntime.Runner {
	t.Helper()
	if fn.Bootstrap == "" {
		fn.Bootstrap = fixture
	}
	if fn.Name == "" {
		fn.Name = "fixture"
	}
	if fn.Timeout == 0 {
		fn.Timeout = time.Minute // only tests about timeouts depend on the machine's speed
	}
	r, err := lambdaruntime.Start(fn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	return r
}

// event is a command for the fixture.
func event(t *testing.T, members map[string]any) []byte {
	t.Helper()
	raw, err := json.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func do(t *testing.T, r *lambdaruntime.Runner, what string) lambdaruntime.Result {
	t.Helper()
	result, err := r.Invoke(context.Background(), event(t, map[string]any{"Do": what}))
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	return result
}

// holder is a listener where fixtures wait to be released.
type holder struct {
	t        *testing.T
	listener *net.TCPListener
}

func newHolder(t *testing.T) *holder {
	t.Helper()
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	return &holder{t: t, listener: listener}
}

func (h *holder) address() string { return h.listener.Addr().String() }

func (h *holder) event() []byte {
	return event(h.t, map[string]any{"Do": "hold", "Address": h.address()})
}

// held is one waiting process.
type held struct {
	t    *testing.T
	conn net.Conn
	pid  string
}

// next waits for the next process.
func (h *holder) next() held {
	h.t.Helper()
	got, err := h.within(time.Minute)
	if err != nil {
		h.t.Fatal(err)
	}
	return got
}

func (h *holder) within(limit time.Duration) (held, error) {
	_ = h.listener.SetDeadline(time.Now().Add(limit))
	conn, err := h.listener.Accept()
	if err != nil {
		return held{}, err
	}
	h.t.Cleanup(func() { _ = conn.Close() })
	pid, err := bufio.NewReader(conn).ReadString('\n')
	return held{t: h.t, conn: conn, pid: strings.TrimSpace(pid)}, err
}

func (h held) letGo() { _ = h.conn.Close() }

// awaitDeath waits until the process's exit has closed its connection.
func (h held) awaitDeath() {
	h.t.Helper()
	_ = h.conn.SetReadDeadline(time.Now().Add(time.Minute))
	if _, err := h.conn.Read(make([]byte, 1)); err == nil || os.IsTimeout(err) {
		h.t.Errorf("process %s is still alive: %v", h.pid, err)
	}
}

// logs collects the processes' output.
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
