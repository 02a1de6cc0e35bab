package bench

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"cognito-triggers/shared/golden"
)

// api is the Lambda Runtime API for one process. It does less than local/lambdaruntime, because its own work is
// measured too.
//
// See https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
type api struct {
	event []byte
	total int           // events to hand out
	done  chan struct{} // closed after the last answer, or at a failure

	mu      sync.Mutex
	handed  time.Time       // when the current event was handed out
	first   time.Time       // when the first answer arrived
	took    []time.Duration // for each event, from handing it out to its answer
	outcome golden.Outcome
	failure error // the process reported that it cannot start

	awsCalls atomic.Int64 // requests to AWS
}

func newAPI(event []byte, total int) *api {
	return &api{event: event, total: total, done: make(chan struct{}), took: make([]time.Duration, 0, total)}
}

const runtimePath = "/2018-06-01/runtime/"

// ServeHTTP implements http.Handler.
func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	call, ours := strings.CutPrefix(r.URL.Path, runtimePath)
	switch {
	case ours && call == "invocation/next":
		a.next(w, r)
	case ours && call == "init/error":
		a.initError(w, r)
	case ours && strings.HasPrefix(call, "invocation/"):
		a.answer(w, r, strings.HasSuffix(call, "/error"))
	default: // this is the programs' AWS endpoint, too
		a.awsCalls.Add(1)
		http.Error(w, `{"__type":"AccessDeniedException","message":"this program measures without AWS"}`,
			http.StatusBadRequest)
	}
}

func (a *api) next(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	n := len(a.took)
	a.mu.Unlock()
	if n == a.total {
		<-r.Context().Done() // the process is killed
		return
	}
	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set("Content-Length", strconv.Itoa(len(a.event)))
	header.Set("Lambda-Runtime-Aws-Request-Id", fmt.Sprintf("00000000-0000-4000-8000-%012d", n))
	header.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(time.Now().Add(5*time.Second).UnixMilli(), 10))
	header.Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-west-1:000000000000:function:bench")
	a.mu.Lock()
	a.handed = time.Now()
	a.mu.Unlock()
	_, _ = w.Write(a.event) // a dead process is noticed elsewhere
}

func (a *api) answer(w http.ResponseWriter, r *http.Request, failed bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	var first bytes.Buffer
	into := io.Discard
	if len(a.took) == 0 {
		into = &first
	}
	_, _ = io.Copy(into, r.Body) // a truncated one fails its check
	now := time.Now()
	w.WriteHeader(http.StatusAccepted)
	if len(a.took) == a.total {
		return
	}
	if len(a.took) == 0 {
		a.first = now
		a.outcome = outcomeOf(first.Bytes(), failed, r.URL.Path)
	}
	if a.took = append(a.took, now.Sub(a.handed)); len(a.took) == a.total {
		close(a.done)
	}
}

func (a *api) initError(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	w.WriteHeader(http.StatusAccepted)
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.failure == nil && len(a.took) < a.total {
		a.failure = fmt.Errorf("the process cannot start: %s", body)
		close(a.done)
	}
}
