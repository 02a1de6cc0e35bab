package lambdaruntime

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// maxRequest is MaxPayload plus the overhead that Lambda allows.
const maxRequest = MaxPayload + 100

const errorTypeHeader = "Lambda-Runtime-Function-Error-Type"

// Trailers by which a function reports an error while streaming its response.
const (
	errorTypeTrailer = "Lambda-Runtime-Function-Error-Type"
	errorBodyTrailer = "Lambda-Runtime-Function-Error-Body"
)

// api serves the Runtime API of one process.
func (in *instance) api() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", in.handleNext)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/response", in.handleResponse)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/error", in.handleError)
	mux.HandleFunc("POST /2018-06-01/runtime/init/error", in.handleInitError)
	return mux
}

// handleNext waits for an event and hands it out.
func (in *instance) handleNext(w http.ResponseWriter, r *http.Request) {
	if !in.ready() {
		refuse(w, http.StatusForbidden, "InvalidStateTransition", "the last event has not been answered")
		return
	}
	_ = http.NewResponseController(w).SetWriteDeadline(time.Time{}) // the next event may be hours away
	select {
	case inv := <-in.events:
		in.hand(w, inv)
	case <-r.Context().Done():
	case <-in.exited:
	}
}

// ready records the end of the initialisation. It returns false if the process has not answered its last event.
func (in *instance) ready() bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.init == 0 {
		in.init = time.Since(in.began)
		close(in.asked)
	}
	in.abandon()
	return in.current == nil || in.current.answered
}

func (in *instance) hand(w http.ResponseWriter, inv *invocation) {
	in.process.Drain() // what it printed until now belongs to the event before
	in.output.begin(inv.log)
	in.mu.Lock()
	inv.handed = time.Now()
	in.current = inv
	in.served++
	in.mu.Unlock()
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(inv.event)))
	h.Set("Lambda-Runtime-Aws-Request-Id", inv.id)
	h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(inv.deadline.UnixMilli(), 10))
	h.Set("Lambda-Runtime-Invoked-Function-Arn", in.function.arn())
	h.Set("Lambda-Runtime-Trace-Id", newTraceID(inv.handed))
	_, _ = w.Write(inv.event) // fails only if the process is dying
}

// handleResponse accepts a successful response.
func (in *instance) handleResponse(w http.ResponseWriter, r *http.Request) {
	in.settle(w, r, func(body []byte) answer {
		kind := r.Trailer.Get(errorTypeTrailer)
		if kind == "" {
			return answer{payload: body}
		}
		report, _ := base64.StdEncoding.DecodeString(r.Trailer.Get(errorBodyTrailer))
		return answer{payload: report, err: ParseFunctionError(report, kind)}
	})
}

// handleError accepts the error report for an event.
func (in *instance) handleError(w http.ResponseWriter, r *http.Request) {
	in.settle(w, r, func(body []byte) answer {
		return answer{payload: body, err: ParseFunctionError(body, r.Header.Get(errorTypeHeader))}
	})
}

// settle answers the event named in the request with the parsed body. It refuses unknown events and second answers.
func (in *instance) settle(w http.ResponseWriter, r *http.Request, parse func(body []byte) answer) {
	inv := in.taken(r.PathValue("id"))
	if inv == nil {
		refuse(w, http.StatusBadRequest, "InvalidRequestID", "Invalid request ID")
		return
	}
	body, size, err := readBody(r)
	if err != nil {
		return // the process died while sending it
	}
	a := answer{err: tooLarge(size)}
	if a.err == nil {
		a = parse(body)
	}
	a.took = time.Since(inv.handed)
	in.process.Drain() // the log is complete before anybody knows of the answer
	switch {
	case !in.accept(inv, a):
		refuse(w, http.StatusForbidden, "InvalidStateTransition", "the event has already been answered")
	case size > maxRequest:
		refuse(w, http.StatusRequestEntityTooLarge, "RequestEntityTooLarge",
			fmt.Sprintf("Exceeded maximum allowed payload size (%d bytes).", maxRequest))
	default:
		reply(w, http.StatusAccepted, map[string]string{"status": "OK"})
	}
}

// taken returns the event that the process took last, if it has this ID.
func (in *instance) taken(id string) *invocation {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.current == nil || in.current.id != id {
		return nil
	}
	return in.current
}

// accept passes on the event's first answer. It returns false for further ones.
func (in *instance) accept(inv *invocation, a answer) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	if inv.answered {
		return false
	}
	inv.answered = true
	inv.answer <- a
	return true
}

// handleInitError accepts the report that the function cannot start.
func (in *instance) handleInitError(w http.ResponseWriter, r *http.Request) {
	body, _, err := readBody(r)
	if err != nil {
		return
	}
	in.mu.Lock()
	late := in.init != 0
	if !late {
		in.failure = ParseFunctionError(body, r.Header.Get(errorTypeHeader))
	}
	in.mu.Unlock()
	if late {
		refuse(w, http.StatusForbidden, "InvalidStateTransition", "the initialisation has finished")
		return
	}
	reply(w, http.StatusAccepted, map[string]string{"status": "OK"})
	if !in.attached() {
		in.process.Kill() // it cannot handle events
	}
}

// readBody reads the whole body but keeps only what is allowed, so that a process that sends too much still gets a
// response.
func readBody(r *http.Request) (body []byte, size int64, err error) {
	body, err = io.ReadAll(io.LimitReader(r.Body, maxRequest))
	if err != nil {
		return nil, 0, err
	}
	rest, err := io.Copy(io.Discard, r.Body)
	return body, int64(len(body)) + rest, err
}

// tooLarge returns the error for a response of this size, or nil.
func tooLarge(size int64) *FunctionError {
	if size <= maxRequest {
		return nil
	}
	return &FunctionError{
		Type:    "Function.ResponseSizeTooLarge",
		Message: fmt.Sprintf("Response payload size exceeded maximum allowed payload size (%d bytes).", maxRequest),
	}
}

func refuse(w http.ResponseWriter, status int, kind, message string) {
	reply(w, status, map[string]string{"errorType": kind, "errorMessage": message})
}

func reply(w http.ResponseWriter, status int, body map[string]string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // fails only if the process is dying
}
