// Package console serves the page on which people look at a local pool: every call of a client with the triggers that
// it fired, the messages, the users, and what a token says. It reads the pool's own lists, as `poolctl events` and
// `poolctl inbox` do, and changes the pool by the operations of its API.
//
// The page needs no build step: its modules are in assets, and lit-html, which renders them, is kept beside them as
// published.
package console

import (
	"embed"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"strconv"

	"cognito-triggers/local/loopback"
	"cognito-triggers/local/userpool"
	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/shared/cognito"
)

//go:embed assets
var assets embed.FS

// Path is where the console is served, beside the pool's API.
const Path = "/console/"

const api = Path + "api/"

// Function is a function of the stack, as its manifest and its settings describe it.
type Function struct {
	Name           string            `json:"name"`
	ARN            string            `json:"arn,omitempty"`  // empty if no pool calls it
	Hook           string            `json:"hook,omitempty"` // empty for a function of the HTTP API
	Manifest       string            `json:"manifest"`       // path in the repository
	TimeoutSeconds int               `json:"timeoutSeconds"`
	MemoryMB       int               `json:"memoryMB"`
	Enabled        bool              `json:"enabled"`
	Environment    map[string]string `json:"environment,omitempty"`
}

// Options say what the console shows besides the pool. Each may be nil; the page then leaves it out.
type Options struct {
	// Functions lists the functions of the stack.
	Functions func() []Function
	// Save saves an event as a golden case under a name, such as pre-sign-up/refused, and returns the files.
	Save func(recorded fire.Record, name string) (files []string, err error)
	// Previews serves the previews of all messages.
	Previews http.Handler
	// Domain returns the addresses of a pool's domain.
	Domain func(name string) (urls []string)
	// Command is poolctl as people type it in the repository; empty: no such lines are shown.
	Command string
	// Fill returns the command that writes a function for a hook.
	Fill func(hook cognito.Hook) string
}

type console struct {
	pool *userpool.Server
	o    Options
}

// Handler serves the console of a pool at Path. It answers only requests to a name of this machine that come from its
// own pages, or from no page.
func Handler(pool *userpool.Server, o Options) http.Handler {
	c := &console{pool, o}
	files, err := fs.Sub(assets, "assets")
	if err != nil {
		panic(err) // unreachable: the folder is embedded
	}
	mux := http.NewServeMux()
	for pattern, handle := range c.routes() {
		mux.Handle(pattern, handle)
	}
	mux.Handle("GET "+Path, http.StripPrefix(Path, static(http.FileServerFS(files))))
	if o.Previews != nil {
		mux.Handle("GET "+Path+"previews/", http.StripPrefix(Path+"previews", framed(o.Previews)))
	}
	return own(mux)
}

// routes are the console's own, by the patterns of http.ServeMux.
func (c *console) routes() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"GET " + api + "timeline":                c.timeline,
		"GET " + api + "events/{number}":         c.event,
		"POST " + api + "events/{number}/replay": c.replay,
		"POST " + api + "events/{number}/save":   c.save,
		"GET " + api + "messages":                c.messages,
		"GET " + api + "messages/{number}":       c.mail,
		"GET " + api + "faults":                  c.faults,
		"PUT " + api + "faults/{arn}":            c.setFault,
		"DELETE " + api + "faults/{arn}":         c.clearFault,
		"POST " + api + "token":                  c.token,
		"GET " + api + "stack":                   c.stack,
	}
}

// own refuses requests to another name, and requests that a page of another origin makes: unlike the API, the console
// serves no other page of this machine either.
func own(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !loopback.IsName(r.RemoteAddr) || !loopback.IsName(r.Host) || !fromOwn(r) {
			http.Error(w, "the console only serves this machine and its own pages: open http://127.0.0.1 or "+
				"http://localhost", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// fromOwn reports whether a program, the address bar or a page of the console's own origin sent the request. Browsers
// set both headers, and pages cannot change them. A link of another page may lead to the console, as to any page.
func fromOwn(r *http.Request) bool {
	if origin := r.Header.Get("Origin"); origin != "" && origin != "http://"+r.Host {
		return false
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "none", "same-origin":
		return true
	}
	return r.Method == http.MethodGet && r.URL.Path == Path && r.Header.Get("Sec-Fetch-Mode") == "navigate" &&
		r.Header.Get("Sec-Fetch-Dest") == "document"
}

// static serves the files of the page, which load nothing from elsewhere.
func static(files http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "+
			"img-src 'self' data:; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "+
			"require-trusted-types-for 'script'; trusted-types lit-html")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cache-Control", "no-cache")
		files.ServeHTTP(w, r)
	})
}

// answer writes JSON.
func answer(w http.ResponseWriter, body any) { write(w, http.StatusOK, body) }

// fail answers with an error that people read.
func fail(w http.ResponseWriter, status int, err error) {
	write(w, status, map[string]string{"error": err.Error()})
}

func write(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // fails only if the client is gone
}

const maxBody = 1 << 20

// read decodes the body of a request. If it cannot, the answer is written and ok is false.
func read(w http.ResponseWriter, r *http.Request, into any) (ok bool) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err == nil {
		err = json.Unmarshal(body, into)
	}
	if err != nil {
		fail(w, http.StatusBadRequest, errors.New("the request is not JSON of the expected form: "+err.Error()))
	}
	return err == nil
}

// recorded returns the event that a request's path names. If there is none, the answer is written and ok is false.
func (c *console) recorded(w http.ResponseWriter, r *http.Request) (record fire.Record, ok bool) {
	number, err := strconv.Atoi(r.PathValue("number"))
	if err == nil && number > 0 {
		if list := c.pool.Events().Records(number - 1); len(list) > 0 && list[0].Number == number {
			return list[0], true
		}
	}
	fail(w, http.StatusNotFound, errors.New("the pool has no such event any more"))
	return record, false
}
