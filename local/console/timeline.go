package console

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"cognito-triggers/local/userpool"
	"cognito-triggers/local/userpool/calls"
)

const (
	pageDefault = 100
	pageMost    = 500
)

// row is a call of a client, or an event that nobody's call fired, with what came of it.
type row struct {
	calls.Entry
	Events   []userpool.Summary `json:"events"`
	Messages []int              `json:"messages,omitempty"` // numbers
}

// timelineAnswer is a page of the timeline, newest first.
type timelineAnswer struct {
	Rows []row `json:"rows"`
	// Before is the ID with which the next page continues; 0 if there is none.
	Before int `json:"before,omitempty"`
	// After is where the stream of what happens continues; see userpool.Server.
	After string `json:"after"`
	Total int    `json:"total"` // of calls that match
}

// page is which part of a list a request wants.
type page struct{ limit, before int }

// pageOf reads limit and before. What it cannot read counts as absent.
func pageOf(r *http.Request) page {
	q := r.URL.Query()
	limit, _ := strconv.Atoi(q.Get("limit"))
	before, _ := strconv.Atoi(q.Get("before"))
	return page{min(cmp.Or(max(limit, 0), pageDefault), pageMost), before}
}

// filter selects rows. Empty members match everything.
type filter struct{ user, trigger, outcome string }

func (c *console) timeline(w http.ResponseWriter, r *http.Request) {
	q, p := r.URL.Query(), pageOf(r)
	f := filter{strings.ToLower(q.Get("user")), q.Get("trigger"), q.Get("outcome")}
	rows, after := c.rows()
	rows = slices.DeleteFunc(rows, func(r row) bool { return !f.matches(r) })
	out := timelineAnswer{Rows: []row{}, After: after, Total: len(rows)}
	for _, one := range slices.Backward(rows) {
		if p.before > 0 && one.ID >= p.before {
			continue
		}
		if len(out.Rows) == p.limit {
			out.Before = out.Rows[p.limit-1].ID
			break
		}
		out.Rows = append(out.Rows, one)
	}
	answer(w, out)
}

// rows returns all calls that are kept, oldest first, and where the stream continues after them.
func (c *console) rows() (rows []row, after string) {
	// The calls are read last: whatever was read before has its call among them, and what a later call fires comes by
	// the stream.
	position := userpool.Position{Line: c.pool.Lines().Last()}
	messages, events := c.pool.Inbox().Messages(0), c.pool.Events().Records(0)
	entries := c.pool.Calls().Entries(0)
	at := map[int]int{} // of a call in rows, by its ID
	for _, e := range entries {
		position.Call = e.Number
		i, known := at[e.ID]
		if !known {
			i = len(rows)
			at[e.ID] = i
			rows = append(rows, row{Events: []userpool.Summary{}})
		}
		rows[i].Entry = e
	}
	for _, e := range events {
		position.Event = e.Number
		if i, known := at[e.Call]; known {
			rows[i].Events = append(rows[i].Events, userpool.SummaryOf(e))
		}
	}
	for _, m := range messages {
		position.Message = m.Number
		if i, known := at[m.Call]; known {
			rows[i].Messages = append(rows[i].Messages, m.Number)
		}
	}
	return rows, position.String()
}

func (f filter) matches(r row) bool {
	if f.user != "" && !strings.Contains(strings.ToLower(r.UserName), f.user) && !slices.ContainsFunc(r.Events,
		func(e userpool.Summary) bool { return strings.Contains(strings.ToLower(e.UserName), f.user) }) {
		return false
	}
	if f.trigger != "" && !slices.ContainsFunc(r.Events, func(e userpool.Summary) bool {
		return strings.HasPrefix(e.Source, f.trigger)
	}) {
		return false
	}
	failed := r.Outcome != "ok" || slices.ContainsFunc(r.Events,
		func(e userpool.Summary) bool { return e.Outcome != "ok" || e.Problems > 0 || e.Attempts > 1 })
	return f.outcome == "" || (f.outcome == "failed") == failed
}
