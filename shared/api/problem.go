package api

import (
	"net/http"
	"strconv"
	"time"
)

// The codes of problems and their usual status. Clients should switch on them: codes are stable, texts may change.
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
	CodeTriggerRefused        = "trigger_refused"         // 422; Detail is the trigger's text for the user
	CodeNotFound              = "not_found"               // 404
	CodeConflict              = "conflict"                // 409
	CodePreconditionFailed    = "precondition_failed"     // 412
	CodeIdempotencyKeyReused  = "idempotency_key_reused"  // 422
	CodePayloadTooLarge       = "payload_too_large"       // 413
	CodeUnsupportedMediaType  = "unsupported_media_type"  // 415
	CodeInternal              = "internal"                // 500
)

// Problem is an error that is sent to the caller as a problem detail (RFC 9457). Put nothing confidential into it.
type Problem struct {
	Status     int               // HTTP status
	Code       string            // one of the codes above
	Title      string            // default: the text of the status
	Detail     string            // for people: what is wrong and what to do
	RetryAfter time.Duration     // if positive, sent as Retry-After, rounded up to seconds
	Fields     map[string]string // what is wrong with each field of the body, for forms
	challenge  string            // the WWW-Authenticate header
}

// Error returns the problem's code and detail.
func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// Fail returns a *Problem.
func Fail(status int, code, detail string) error {
	return &Problem{Status: status, Code: code, Detail: detail}
}

// FailField returns a *Problem about one field of the body.
func FailField(status int, code, field, detail string) error {
	return &Problem{Status: status, Code: code, Detail: field + ": " + detail, Fields: map[string]string{field: detail}}
}

// document is the JSON form of a problem. See https://www.rfc-editor.org/rfc/rfc9457
type document struct {
	Type     string            `json:"type"`
	Title    string            `json:"title"`
	Status   int               `json:"status"`
	Detail   string            `json:"detail,omitempty"`
	Code     string            `json:"code"`
	Instance string            `json:"instance,omitempty"` // the request's id, to find it in the log
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
	case p.Status == http.StatusUnauthorized: // HTTP requires a challenge in every 401
		r = r.With("www-authenticate", "Bearer")
	}
	return r
}

// internal is what the caller receives for every error that is not a Problem.
func internal() *Problem { return &Problem{Status: http.StatusInternalServerError, Code: CodeInternal} }
