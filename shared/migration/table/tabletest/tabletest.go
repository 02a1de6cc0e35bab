// Package tabletest has a DynamoDB for tests of what reads single items: it knows GetItem and Query by a hash key.
package tabletest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"
)

// attribute is a value in DynamoDB's JSON, for example {"S": "text"}.
type attribute = map[string]any

// Server is the DynamoDB. It implements golden.Tables: the JSON values text, number and boolean are attributes of these
// types, and others are left out.
type Server struct {
	URL string // for AWS_ENDPOINT_URL_DYNAMODB

	mu     sync.Mutex
	tables map[string][]map[string]attribute
	plain  map[string][]json.RawMessage
	calls  int
}

// New starts a server that stops with the test.
func New(t testing.TB) *Server {
	s := &Server{tables: map[string][]map[string]attribute{}, plain: map[string][]json.RawMessage{}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.URL = server.URL
	return s
}

// Put implements golden.Tables.
func (s *Server) Put(_ context.Context, table string, item json.RawMessage) error {
	var members map[string]any
	dec := json.NewDecoder(strings.NewReader(string(item)))
	dec.UseNumber()
	if err := dec.Decode(&members); err != nil {
		return err
	}
	stored := map[string]attribute{}
	for name, value := range members {
		switch v := value.(type) {
		case string:
			stored[name] = attribute{"S": v}
		case json.Number:
			stored[name] = attribute{"N": v.String()}
		case bool:
			stored[name] = attribute{"BOOL": v}
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tables[table] = append(s.tables[table], stored)
	s.plain[table] = append(s.plain[table], item)
	return nil
}

// Items implements golden.Tables.
func (s *Server) Items(_ context.Context, table string) ([]json.RawMessage, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.plain[table], nil
}

// Calls returns how many calls the server has answered.
func (s *Server) Calls() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls
}

// ServeHTTP answers a call. A table that has no item does not exist.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var in struct {
		TableName                 string
		Key                       map[string]attribute
		ExpressionAttributeNames  map[string]string
		ExpressionAttributeValues map[string]attribute
	}
	err := json.NewDecoder(r.Body).Decode(&in)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	items, exists := s.tables[in.TableName]
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	switch {
	case err != nil || operation != "GetItem" && operation != "Query":
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, `{"__type":"ValidationException","message":"%s"}`, operation)
		return
	case !exists:
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"__type":"ResourceNotFoundException","message":"Requested resource not found"}`)
		return
	}
	key := in.Key
	if operation == "Query" {
		key = map[string]attribute{in.ExpressionAttributeNames["#key"]: in.ExpressionAttributeValues[":name"]}
	}
	found := []map[string]attribute{}
	for _, item := range items {
		matches := true
		for name, value := range key {
			matches = matches && reflect.DeepEqual(item[name], value)
		}
		if matches {
			found = append(found, item)
		}
	}
	answer := map[string]any{"Items": found, "Count": len(found)}
	if operation == "GetItem" {
		answer = map[string]any{}
		if len(found) > 0 {
			answer["Item"] = found[0]
		}
	}
	_ = json.NewEncoder(w).Encode(answer)
}
