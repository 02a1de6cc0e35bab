package httpapi

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// response is the API's response to the client.
type response struct {
	status int
	header http.Header
	body   []byte
}

// message returns a response of the API itself.
func message(status int, text string) response {
	body, _ := json.Marshal(map[string]string{"message": text}) // strings never fail
	return response{status, http.Header{"Content-Type": {"application/json"}}, body}
}

func internalServerError() response {
	return message(http.StatusInternalServerError, "Internal Server Error")
}

func (out response) write(w http.ResponseWriter) {
	for name, values := range out.header {
		w.Header()[name] = values
	}
	w.WriteHeader(out.status)
	_, _ = w.Write(out.body) // fails if the client is gone or the status allows no body
}

// answer is a function's response in payload format 2.0.
type answer struct {
	StatusCode      *int           `json:"statusCode"`
	Headers         map[string]any `json:"headers"`
	Cookies         []string       `json:"cookies"`
	Body            *string        `json:"body"`
	IsBase64Encoded bool           `json:"isBase64Encoded"`
}

// parseAnswer converts a function's output to a response. JSON without statusCode becomes the body of a 200. The error
// never quotes the output.
func parseAnswer(payload []byte) (response, error) {
	payload = bytes.TrimSpace(payload)
	if !json.Valid(payload) {
		return response{}, errors.New("the function's response is not JSON")
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(payload, &members) != nil || members["statusCode"] == nil {
		return inferred(payload), nil
	}
	var a answer
	if err := json.Unmarshal(payload, &a); err != nil {
		var kind *json.UnmarshalTypeError
		if errors.As(err, &kind) {
			return response{}, fmt.Errorf("the function's response has a JSON %s in %s", kind.Value, kind.Field)
		}
		return response{}, errors.New("the function's response is malformed")
	}
	return a.response()
}

// inferred returns the response that API Gateway infers without a statusCode: a string is the body, anything else is
// encoded as JSON.
func inferred(payload []byte) response {
	out := response{http.StatusOK, http.Header{"Content-Type": {"application/json"}}, payload}
	var text string
	if json.Unmarshal(payload, &text) == nil && payload[0] == '"' {
		out.body = []byte(text)
	}
	return out
}

func (a answer) response() (response, error) {
	if a.StatusCode == nil || *a.StatusCode < 200 || *a.StatusCode > 599 {
		return response{}, errors.New("the function's statusCode is not a valid HTTP status")
	}
	out := response{status: *a.StatusCode, header: http.Header{}}
	for name, value := range a.Headers {
		if err := out.setHeader(name, value); err != nil {
			return response{}, err
		}
	}
	for _, cookie := range a.Cookies {
		out.header.Add("Set-Cookie", cookie)
	}
	if a.Body != nil {
		out.body = []byte(*a.Body)
		if a.IsBase64Encoded {
			var err error
			if out.body, err = base64.StdEncoding.DecodeString(*a.Body); err != nil {
				return response{}, errors.New("isBase64Encoded is true, but the function's body is not base64")
			}
		}
	}
	if len(out.body) > 0 && out.header.Get("Content-Type") == "" {
		out.header.Set("Content-Type", "text/plain;charset=UTF-8")
	}
	return out, nil
}

// setHeader sets a header from a string, number or boolean. It ignores connection headers, which the API sets itself.
func (out response) setHeader(name string, value any) error {
	switch strings.ToLower(name) {
	case "connection", "content-length", "keep-alive", "transfer-encoding", "upgrade", "trailer":
		return nil
	}
	switch value.(type) {
	case string, float64, bool:
		out.header.Set(name, fmt.Sprint(value))
		return nil
	}
	return errors.New("a header in the function's response is not a string")
}
