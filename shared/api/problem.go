package api

import (
	"net/http"
	"strconv"
	"time"
)

// The codes that clients tell problems apart by. They are stable: texts may change, codes do not.
const (
	CodeUserExists            = "user_exists"             // 409
	CodeInvalidPassword       = "invalid_password"        // 400
	CodeInvalidParameter      = "invalid_parameter"       // 400
	CodeInvalidRequest        = "invalid_request"         // 400
	CodeCodeMismatch          = "code_mismatch"           // 400
	CodeCodeExpired           = "code_expired"            // 410
	CodeUnauthorized          = "unauthorized"            // 401
	CodeUserNotConfirmed      = "user_not_confirmed"      // 403
	CodePasswordResetRequired = "password_reset_required" // 403
	CodeForbidden             = "forbidden"               // 403
	CodeTooManyRequests       = "too_many_requests"       // 429, with RetryAfter
	CodeTriggerRefused        = "trigger_refused"         // 422, the detail is the trigger's text for the user
	CodeNotFound              = "not_found"               // 404
	CodeConflict              = "conflict"                // 409
	CodePreconditionFailed    = "precondition_failed"     // 412
	CodeIdempotencyKeyReused  = "idempotency_key_reused"  // 422
	CodePayloadTooLarge       = "payload_too_large"       // 413
	CodeUnsupportedMediaType  = "unsupported_media_type"  // 415
	CodeInternal              = "internal"                // 500
)

// Problem is an error that the caller is told, as RFC 9457 has it. What it holds leaves the function.
type Problem struct {
	Status     int               // of the answer
	Code       string            // one of the codes above
	Title      string            // by default the status's own text
	Detail     string            // for a person: what was wrong and what to do
	RetryAfter time.Duration     // for CodeTooManyRequests
	Fields     map[string]string // what is wrong by the body's field, for forms
	challenge  string            // the WWW-Authenticate header
}

// Error returns the problem's code and detail.
func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// Fail makes a Problem.
func Fail(status int, code, detail string) error {
	return &Problem{Status: status, Code: code, Detail: detail}
}

// FailField makes a Problem that is about one field of the body.
func FailField(status int, code, field, detail string) error {
	return &Problem{Status: status, Code: code, Detail: field + ": " + detail, Fields: map[string]string{field: detail}}
}

// document is the problem as it is sent.
// See https://www.rfc-editor.org/rfc/rfc9457
type document struct {
	Type     string            `json:"type"`
	Title    string            `json:"title"`
	Status   int               `json:"status"`
	Detail   string            `json:"detail,omitempty"`
	Code     string            `json:"code"`
	Instance string            `json:"instance,omitempty"` // the request's id, to find it in the logs
	Fields   map[string]string `json:"fields,omitempty"`
}

func (p *Problem) response(requestID string) Response {
	title := p.Title
	if title == "" {
		title = http.StatusText(p.Status)
	}
	r := JSON(p.Status, document{"about:blank", title, p.Status, p.Detail, p.Code, requestID, p.Fields}).
		With("content-type", "application/problem+json")
	if p.RetryAfter > 0 {
		seconds := (p.RetryAfter + time.Second - 1) / time.Second
		r = r.With("retry-after", strconv.FormatInt(int64(seconds), 10))
	}
	switch {
	case p.challenge != "":
		r = r.With("www-authenticate", p.challenge)
	case p.Status == http.StatusUnauthorized: // HTTP wants a challenge in every 401
		r = r.With("www-authenticate", "Bearer")
	}
	return r
}

// internal is what the caller is told of every error that is no Problem.
func internal() *Problem { return &Problem{Status: http.StatusInternalServerError, Code: CodeInternal} }
