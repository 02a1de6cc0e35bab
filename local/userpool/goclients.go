package userpool

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// unhurried delays the head of a long response to a program with the AWS SDK for Go. The SDK closes the request's body
// when the head arrives. If that is before net/http has finished sending it, which takes it microseconds after its last
// byte, net/http drops the connection and loses what it has not buffered of the response. AWS is never that close.
// Nothing that the server reads or writes can tell it that the client has finished. Package local/wholehttp is the cure
// for the client's side.
type unhurried struct {
	http.ResponseWriter
	request *http.Request
	wait    func()
}

const (
	// buffered is less than net/http's buffer of 4,096 bytes, which holds the head as well.
	buffered = 3 << 10
	// headDelay is a hundred times what the client needs on an idle machine. Without it, the client lost about one
	// response in a thousand; on a busy machine, after 1 ms, one in ten thousand.
	headDelay = 3 * time.Millisecond
	// goSDK begins the product in the SDK's User-Agent.
	goSDK = "aws-sdk-go"
)

func unhurry(w http.ResponseWriter, r *http.Request) unhurried {
	return unhurried{w, r, func() {
		timer := time.NewTimer(headDelay)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-r.Context().Done():
		}
	}}
}

// WriteHeader implements http.ResponseWriter. The Content-Length must be set.
func (u unhurried) WriteHeader(status int) {
	length, err := strconv.Atoi(u.Header().Get("Content-Length"))
	if err == nil && length > buffered && strings.Contains(u.request.UserAgent(), goSDK) {
		u.wait()
	}
	u.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (u unhurried) Unwrap() http.ResponseWriter { return u.ResponseWriter }
