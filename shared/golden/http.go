package golden

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// httpAnswer is a function's answer in payload format 2.0 or 1.0.
type httpAnswer struct {
	StatusCode int               `json:"statusCode"`
	Headers    map[string]string `json:"headers"`
	Body       string            `json:"body"`
}

// IsRequest reports whether an event is a request from API Gateway.
func IsRequest(event []byte) bool {
	var request struct {
		RouteKey   *string `json:"routeKey"`
		HTTPMethod *string `json:"httpMethod"`
	}
	return json.Unmarshal(event, &request) == nil && (request.RouteKey != nil || request.HTTPMethod != nil)
}

// check compares an answer with what is wanted and returns nil or a readable difference.
func (want *HTTP) check(answer string) error {
	got, err := want.of(answer)
	if err != nil {
		return err
	}
	if got.Status != want.Status {
		return fmt.Errorf("status is %d, want %d: %s", got.Status, want.Status, got.Body)
	}
	for _, name := range slices.Sorted(maps.Keys(want.Headers)) {
		if got.Headers[name] != want.Headers[name] {
			return fmt.Errorf("header %s is %q, want %q", name, got.Headers[name], want.Headers[name])
		}
	}
	if want.Body == nil {
		return nil
	}
	return Differs("body", want.Body, got.Body)
}

// of returns an answer with the headers and, if the body is wanted, the body that check would compare. The body of a
// refusal is always there, to be shown.
func (want *HTTP) of(answer string) (*HTTP, error) {
	var got httpAnswer
	if err := json.Unmarshal([]byte(answer), &got); err != nil || got.StatusCode == 0 {
		return nil, fmt.Errorf("the answer is not an HTTP response: %.200s", strings.ToValidUTF8(answer, ""))
	}
	out := &HTTP{Status: got.StatusCode}
	for name := range want.Headers {
		if out.Headers == nil {
			out.Headers = map[string]string{}
		}
		out.Headers[name] = got.Headers[name]
	}
	if want.Body != nil || got.StatusCode >= 400 {
		out.Body = json.RawMessage(got.Body)
		if !json.Valid(out.Body) {
			out.Body, _ = json.Marshal(got.Body) // a string never fails
		}
	}
	return out, nil
}
