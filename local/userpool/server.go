// Package userpool is a local Amazon Cognito user pool. So far it serves the operations that triggers themselves call:
// looking users up, linking a federated identity, adding to a group. It answers AWS's JSON protocol with AWS's error
// names; an operation that it lacks is refused by name.
//
// See https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/Welcome.html
package userpool

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
)

const (
	targetPrefix = "AWSCognitoIdentityProviderService."
	maxRequest   = 1 << 20
)

// Server is one pool's API. It is safe for parallel use.
type Server struct {
	mu     sync.Mutex
	users  map[string]*User               // by user name
	groups map[string]map[string]struct{} // user names by group
	calls  []string                       // operations in the order of their calls
}

// New makes a pool with those users.
func New(users ...User) *Server {
	s := &Server{users: map[string]*User{}, groups: map[string]map[string]struct{}{}}
	for _, user := range users {
		s.users[user.Name] = user.clone()
	}
	return s
}

// Reset replaces the pool's users and forgets groups and calls.
func (s *Server) Reset(users ...User) {
	fresh := New(users...)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users, s.groups, s.calls = fresh.users, fresh.groups, nil
}

// Calls lists the operations that were called, in order.
func (s *Server) Calls() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// Members lists the names of a group's users.
func (s *Server) Members(group string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.groups[group]))
}

// operation answers one request; its error is an *apiError, or a fault of this package.
type operation func(s *Server, input []byte) (any, error)

func operations() map[string]operation {
	return map[string]operation{
		"AdminAddUserToGroup":      adminAddUserToGroup,
		"AdminGetUser":             adminGetUser,
		"AdminLinkProviderForUser": adminLinkProviderForUser,
		"ListUsers":                listUsers,
	}
}

// ServeHTTP answers one call of the API.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, isTarget := strings.CutPrefix(r.Header.Get("X-Amz-Target"), targetPrefix)
	run, known := operations()[name]
	if !isTarget || !known {
		respond(w, nil, &apiError{"UnknownOperationException", fmt.Sprintf("the local user pool has no operation %q", name)})
		return
	}
	input, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		respond(w, nil, &apiError{"SerializationException", "the request cannot be read"})
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, name)
	output, err := run(s, input)
	respond(w, output, err)
}

// apiError is an error as AWS names it; all of the API's own are HTTP 400.
type apiError struct{ kind, message string }

func (e *apiError) Error() string { return e.kind + ": " + e.message }

func respond(w http.ResponseWriter, output any, err error) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	var known *apiError
	switch {
	case errors.As(err, &known):
		w.WriteHeader(http.StatusBadRequest)
		output = map[string]string{"__type": known.kind, "message": known.message}
	case err != nil:
		w.WriteHeader(http.StatusInternalServerError)
		output = map[string]string{"__type": "InternalErrorException", "message": "Internal error"}
	}
	_ = json.NewEncoder(w).Encode(output) // the client went away
}

// read decodes an operation's input.
func read(input []byte, into any) error {
	if err := json.Unmarshal(input, into); err != nil {
		return &apiError{"SerializationException", "the request is no JSON object of this operation"}
	}
	return nil
}

func invalid(message string) error { return &apiError{"InvalidParameterException", message} }

func userNotFound() error { return &apiError{"UserNotFoundException", "User does not exist."} }
