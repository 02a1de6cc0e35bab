package e2e

import (
	"net"
	"os"
	"strconv"
	"syscall"
	"testing"
	"time"

	"cognito-triggers/local/loopback"
)

// switched is the DynamoDB API at its own address, which refuses connections until up is called.
type switched struct {
	url    string
	socket int
}

// newSwitched binds a port without listening: connections are refused, and no other process can take it.
func newSwitched(t *testing.T) *switched {
	t.Helper()
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Close(socket) })
	if err := syscall.Bind(socket, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	address, err := syscall.Getsockname(socket)
	if err != nil {
		t.Fatal(err)
	}
	host := "127.0.0.1:" + strconv.Itoa(address.(*syscall.SockaddrInet4).Port)
	if conn, err := net.DialTimeout("tcp", host, time.Second); err == nil {
		_ = conn.Close()
		t.Fatal("the address accepts connections before it is up")
	}
	return &switched{url: "http://" + host, socket: socket}
}

func (s *switched) up(t *testing.T) {
	t.Helper()
	if err := syscall.Listen(s.socket, 128); err != nil {
		t.Fatal(err)
	}
	second, err := syscall.Dup(s.socket) // the file takes ownership
	if err != nil {
		t.Fatal(err)
	}
	file := os.NewFile(uintptr(second), "listener")
	defer file.Close()
	listener, err := net.FileListener(file)
	if err != nil {
		t.Fatal(err)
	}
	server := loopback.Server(proxyTo(t, "DYNAMODB"))
	t.Cleanup(func() { _ = server.Close() })
	go func() { _ = server.Serve(listener) }() // ends with Close
}
