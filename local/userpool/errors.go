package userpool

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/local/userpool/state"
)

// apiError is an error as AWS names it; all of the API's own are HTTP 400.
type apiError struct{ kind, message string }

func (e *apiError) Error() string { return e.kind + ": " + e.message }

func respond(w http.ResponseWriter, output any, err error) {
	header := w.Header()
	header.Set("Content-Type", "application/x-amz-json-1.1")
	header.Set("X-Amzn-Requestid", newUUID())
	status := http.StatusOK
	if err != nil {
		known := asAPIError(err)
		status = http.StatusBadRequest
		if known.kind == "InternalErrorException" {
			status = http.StatusInternalServerError
		}
		header.Set("X-Amzn-Errortype", known.kind+":")
		header.Set("X-Amzn-Errormessage", headerText(known.message))
		output = map[string]string{"__type": known.kind, "message": known.message}
	}
	body, err := json.Marshal(output)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"__type":"InternalErrorException","message":"Internal error"}`)
	}
	header.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client went away
}

func asAPIError(err error) *apiError {
	var known *apiError
	var trigger *fire.Error
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &trigger):
		return &apiError{trigger.Kind, trigger.Message}
	case errors.Is(err, state.ErrAliasTaken):
		return &apiError{"AliasExistsException", "An account with the given email or phone_number already exists."}
	}
	return &apiError{"InternalErrorException", "Internal error"}
}

// headerText drops what a header cannot hold.
func headerText(text string) string {
	clean := []rune{}
	for _, r := range text {
		if r >= ' ' && r < 0x7f {
			clean = append(clean, r)
		}
	}
	return string(clean)
}

func serialization(message string) error { return &apiError{"SerializationException", message} }

func invalid(message string) error { return &apiError{"InvalidParameterException", message} }

func userNotFound() error { return &apiError{"UserNotFoundException", "User does not exist."} }

func notAuthorized(message string) error { return &apiError{"NotAuthorizedException", message} }

func resourceNotFound(message string) error { return &apiError{"ResourceNotFoundException", message} }

func unrecognizable() error {
	return &apiError{"InvalidLambdaResponseException", "Unrecognizable lambda output"}
}

func wrongPassword() error { return notAuthorized("Incorrect username or password.") }

func codeMismatch() error {
	return &apiError{"CodeMismatchException", "Invalid verification code provided, please try again."}
}

func codeExpired() error {
	return &apiError{"ExpiredCodeException", "Invalid code provided, please request a code again."}
}

func tooManyTries() error {
	return &apiError{"LimitExceededException", "Attempt limit exceeded, please try after some time."}
}

const lowerAlphanumeric = "abcdefghijklmnopqrstuvwxyz0123456789"
const alphanumeric = lowerAlphanumeric + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// decoyBytes are random, and the same for a name every time.
func (s *Server) decoyBytes(parts ...string) [32]byte {
	mac := hmac.New(sha256.New, s.decoy)
	for _, part := range parts {
		mac.Write([]byte(part + "\x00"))
	}
	return [32]byte(mac.Sum(nil))
}

// randomText makes an id or a secret of n letters of the alphabet.
func randomText(alphabet string, n int) string {
	out := make([]byte, 0, n)
	limit := 256 - 256%len(alphabet)
	var raw [64]byte
	for len(out) < n {
		_, _ = rand.Read(raw[:]) // never fails
		for _, b := range raw {
			if int(b) < limit && len(out) < n {
				out = append(out, alphabet[int(b)%len(alphabet)])
			}
		}
	}
	return string(out)
}

func newUUID() string {
	var raw [16]byte
	_, _ = rand.Read(raw[:]) // never fails
	return formatUUID(raw)
}

func isUUID(text string) bool {
	if len(text) != 36 {
		return false
	}
	for i, r := range text {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (r == '-') || !dash && !strings.ContainsRune("0123456789abcdefABCDEF", r) {
			return false
		}
	}
	return true
}

func formatUUID(raw [16]byte) string {
	const digits = "0123456789abcdef"
	raw[6], raw[8] = raw[6]&0x0f|0x40, raw[8]&0x3f|0x80
	out := make([]byte, 0, 36)
	for i, b := range raw {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			out = append(out, '-')
		}
		out = append(out, digits[b>>4], digits[b&15])
	}
	return string(out)
}
