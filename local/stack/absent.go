package stack

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"cognito-triggers/local/loopback"
)

// absentCode is the answer's code, which is what functions log.
const absentCode = "NotDeclaredInFunctionJSON"

// absentMessage is the answer to a call of AWS in a stack without an emulator.
const absentMessage = "this stack runs no AWS emulator, because no function.json has a grant, a statement or a table " +
	"that needs one: declare what the function calls"

// serveAbsence answers AWS calls of functions in the emulator's place, so that they neither reach AWS nor wait. It
// returns its URL.
func (s *Stack) serveAbsence() (string, error) {
	return s.serve(http.HandlerFunc(s.serveAbsent))
}

// serve starts a server of this machine's own for the functions, which ends with Close, and returns its URL.
func (s *Stack) serve(handler http.Handler) (string, error) {
	listener, err := listen("", ErrPortTaken)
	if err != nil {
		return "", err
	}
	server := loopback.Server(loopback.Named(handler))
	s.mu.Lock()
	s.servers = append(s.servers, server)
	s.mu.Unlock()
	go func() { _ = server.Serve(listener) }() // ends with Close
	return "http://" + listener.Addr().String(), nil
}

func (s *Stack) takeServers() []*http.Server {
	s.mu.Lock()
	defer s.mu.Unlock()
	servers := s.servers
	s.servers = nil
	return servers
}

// serveAbsent logs the message, and answers with it in the form of the request's protocol, query or JSON.
func (s *Stack) serveAbsent(w http.ResponseWriter, r *http.Request) {
	slog.New(slog.NewJSONHandler(s.logs, nil)).Warn(absentMessage, "call", r.Header.Get("X-Amz-Target"))
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		w.Header().Set("Content-Type", "text/xml")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = fmt.Fprintf(w, "<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error>"+
			"</ErrorResponse>", absentCode, absentMessage)
		return
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.Header().Set("X-Amzn-Errortype", absentCode)
	w.WriteHeader(http.StatusBadRequest)
	_ = json.NewEncoder(w).Encode(map[string]string{"__type": absentCode, "message": absentMessage})
}
