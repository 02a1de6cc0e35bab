package console

import (
	"context"
	"errors"
	"net/http"

	"cognito-triggers/local/userpool/fire"
)

// eventAnswer is an event with all that is known of it.
type eventAnswer struct {
	fire.Record
	Lines []fire.Line `json:"lines"` // what the function printed for it
}

func (c *console) event(w http.ResponseWriter, r *http.Request) {
	record, ok := c.recorded(w, r)
	if !ok {
		return
	}
	out := eventAnswer{Record: record, Lines: []fire.Line{}}
	for _, line := range c.pool.Lines().After(0, c.pool.Events()) {
		if line.Event == record.Number {
			out.Lines = append(out.Lines, line)
		}
	}
	answer(w, out)
}

// replay calls the function's present code with an event.
func (c *console) replay(w http.ResponseWriter, r *http.Request) {
	record, ok := c.recorded(w, r)
	if !ok {
		return
	}
	again, err := c.pool.Replay(context.WithoutCancel(r.Context()), record)
	if err != nil {
		fail(w, http.StatusConflict, err)
		return
	}
	answer(w, again)
}

// save saves an event as a golden case.
func (c *console) save(w http.ResponseWriter, r *http.Request) {
	record, ok := c.recorded(w, r)
	if !ok {
		return
	}
	var in struct{ Name string }
	if !read(w, r, &in) {
		return
	}
	if c.o.Save == nil {
		fail(w, http.StatusNotImplemented, errors.New("this pool has no repository to save the case in"))
		return
	}
	files, err := c.o.Save(record, in.Name)
	if err != nil {
		fail(w, http.StatusConflict, err)
		return
	}
	answer(w, map[string][]string{"files": files})
}

func (c *console) faults(w http.ResponseWriter, _ *http.Request) { answer(w, c.pool.Faults().All()) }

// setFault chooses what happens to the next calls of a function.
func (c *console) setFault(w http.ResponseWriter, r *http.Request) {
	var fault fire.Fault
	if !read(w, r, &fault) {
		return
	}
	if err := c.pool.Faults().Set(r.PathValue("arn"), fault); err != nil {
		fail(w, http.StatusBadRequest, err)
		return
	}
	c.faults(w, r)
}

func (c *console) clearFault(w http.ResponseWriter, r *http.Request) {
	c.pool.Faults().Clear(r.PathValue("arn"))
	c.faults(w, r)
}
