package wire

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/google/uuid"
)

// Empty is the output of operations that return nothing.
type Empty struct{}

// Respond writes an operation's output, or its error as AWS sends it. Errors have status 400.
func Respond(w http.ResponseWriter, operation string, output any, err error) {
	header := w.Header()
	header.Set("Content-Type", "application/x-amz-json-1.1")
	header.Set("X-Amzn-Requestid", uuid.NewString())
	status := http.StatusOK
	if err != nil {
		known := ExceptionOf(operation, err)
		status = http.StatusBadRequest
		if known.Name == internalError {
			status = http.StatusInternalServerError
		}
		header.Set("X-Amzn-Errortype", known.Name+":")
		header.Set("X-Amzn-Errormessage", headerText(known.Text))
		output = failure{known.Name, known.Text}
	}
	body, err := json.Marshal(output)
	if err != nil {
		status = http.StatusInternalServerError
		body = []byte(`{"__type":"InternalErrorException","message":"Internal error"}`)
	}
	header.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // fails only if the client is gone
}

type failure struct {
	Type    string `json:"__type"`
	Message string `json:"message"`
}

// headerText removes characters that are invalid in a header.
func headerText(text string) string {
	clean := []rune{}
	for _, r := range text {
		if r >= ' ' && r < 0x7f {
			clean = append(clean, r)
		}
	}
	return string(clean)
}

// AllowAnyOrigin sets the CORS headers that AWS sends: any page may call the API.
func AllowAnyOrigin(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Origin") == "" {
		return
	}
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("Access-Control-Expose-Headers", "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date")
}

// Preflight answers a CORS preflight request.
func Preflight(w http.ResponseWriter, r *http.Request) {
	AllowAnyOrigin(w, r)
	w.Header().Set("Access-Control-Allow-Methods", "POST, GET, OPTIONS")
	w.Header().Set("Access-Control-Allow-Headers", r.Header.Get("Access-Control-Request-Headers"))
	w.Header().Set("Access-Control-Max-Age", "172800")
}
