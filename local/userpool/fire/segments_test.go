package fire

import (
	"bufio"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"cognito-triggers/shared/cognito"
)

var invocations = flag.Int("invocations", 150, "invocations of TestAnswersInTwoSegments; 1500 or more to prove it")

// segments is an endpoint of Lambda that sends the head of its answer before the body, as Python's http.server does. Of
// the body it sends no more than cut bytes, and then closes the connection; a negative cut sends all.
func segments(t *testing.T, cut int) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go serveInSegments(conn, cut)
		}
	}()
	return "http://" + listener.Addr().String()
}

func serveInSegments(conn net.Conn, cut int) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	for {
		request, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		event, err := io.ReadAll(request.Body)
		if err != nil {
			return
		}
		fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", len(event))
		if cut >= 0 {
			_, _ = conn.Write(event[:min(cut, len(event))])
			return
		}
		<-time.After(segmentDelay)
		_, _ = conn.Write(event)
	}
}

// segmentDelay lets the client work on the head before the body comes.
const segmentDelay = 200 * time.Microsecond

func TestAnswersInTwoSegments(t *testing.T) {
	t.Parallel()
	for name, size := range map[string]int{"an event": 300, "more than net/http buffers": 20_000} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := lambdaAt(t, segments(t, -1))
			event := []byte(`{"userName":"` + strings.Repeat("x", size) + `"}`)
			for i := range *invocations {
				answer, err := l.Invoke(t.Context(), remoteARN, event)
				if err != nil || !bytes.Equal(answer, event) {
					t.Fatalf("invocation %d: %d bytes, error %v", i+1, len(answer), err)
				}
			}
		})
	}
}

// A lost connection is a failure of Lambda, not a missing permission, and the record says what happened.
func TestAnswerThatIsLost(t *testing.T) {
	t.Parallel()
	for name, cut := range map[string]int{"after the head": 0, "in the body": 5} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := lambdaAt(t, segments(t, cut)).Invoke(t.Context(), remoteARN, []byte(`{"userName":"ines"}`))
			var lost *LostError
			if !errors.As(err, &lost) || !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("error %v", err)
			}
			want := "UnexpectedLambdaException: PreSignUp invocation failed due to error ServiceException."
			if got := translate(cognito.PreSignUp, err).Error(); got != want {
				t.Errorf("client's error %s, want %s", got, want)
			}
		})
	}
}
