package main

import (
	"strconv"
	"strings"
	"testing"

	"cognito-triggers/shared/api"
	"cognito-triggers/shared/api/apitest"
)

func TestDrafts(t *testing.T) {
	long := func(n int) string { return strings.Repeat("가", n) }
	for _, c := range []struct {
		name, title, contents string
		field                 string // that is wrong
	}{
		{name: "least", title: "a", contents: "b"},
		{name: "most", title: long(200), contents: long(2000)},
		{name: "lines", title: "One line", contents: "a\r\n\tb\n"},
		{name: "emoji and right to left", title: "👩‍🚀 سلام", contents: "<b>&\u2028"},
		{name: "no title", contents: "b", field: "title"},
		{name: "blank title", title: " \u3000", contents: "b", field: "title"},
		{name: "title too long", title: long(201), contents: "b", field: "title"},
		{name: "title of two lines", title: "a\nb", contents: "b", field: "title"},
		{name: "title with NUL", title: "a\x00", contents: "b", field: "title"},
		{name: "no contents", title: "a", field: "contents"},
		{name: "blank contents", title: "a", contents: " \n\t", field: "contents"},
		{name: "title of zero width spaces", title: "\u200b\u200b", contents: "b", field: "title"},
		{name: "title of Hangul fillers", title: "\u3164", contents: "b", field: "title"},
		{name: "title with a line separator", title: "a\u2028b", contents: "b", field: "title"},
		{name: "title that is reversed", title: "\u202egpj.exe", contents: "b", field: "title"},
		{name: "contents of a line separator", title: "a", contents: "\u2028", field: "contents"},
		{name: "contents of fillers", title: "a", contents: "\u200b\u3164", field: "contents"},
		{name: "contents with an isolate", title: "a", contents: "b\u2066c", field: "contents"},
		{name: "Hebrew with a mark of direction", title: "שלום\u200f!", contents: "b"},
		{name: "contents with an escape", title: "a", contents: "b\x1b[31m", field: "contents"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newServer(t, nil)
			id := apitest.Path("id", s.create(t, ines).ID.String())
			posted := s.Call(t, "POST /post", apitest.User(ines), text(c.title, c.contents))
			put := s.Call(t, "PUT /post/{id}", id, apitest.User(ines), text(c.title, c.contents))
			if c.field == "" {
				var made draft
				posted.Want(t, 201).Decode(t, &made)
				if made != (draft{Title: c.title, Contents: c.contents}) {
					t.Errorf("%+v", made)
				}
				put.Want(t, 200)
				return
			}
			for _, answer := range []apitest.Answer{posted, put} {
				if p := answer.WantProblem(t, 400, api.CodeInvalidParameter); p.Fields[c.field] == "" {
					t.Errorf("the problem does not name %s: %+v", c.field, p)
				}
			}
		})
	}
}

func TestBodies(t *testing.T) {
	s := newServer(t, nil)
	for _, c := range []struct {
		name, body string
		option     apitest.Option
		status     int
		code       string
	}{
		{
			name:   "unknown field",
			body:   `{"title":"a","contents":"b","owner":"` + mateo + `"}`,
			status: 400,
			code:   api.CodeInvalidRequest,
		},
		{
			name:   "id of one's own",
			body:   `{"title":"a","contents":"b","id":"01M6A6FSHFEJQ7F9M99JMGPNZC"}`,
			status: 400,
			code:   api.CodeInvalidRequest,
		},
		{name: "number as title", body: `{"title":1,"contents":"b"}`, status: 400, code: api.CodeInvalidRequest},
		{name: "title twice", body: `{"title":"a","title":"c","contents":"b"}`, status: 400, code: api.CodeInvalidRequest},
		{name: "no JSON", body: `title=a`, status: 400, code: api.CodeInvalidRequest},
		{name: "nothing", status: 400, code: api.CodeInvalidRequest},
		{name: "null", body: `null`, status: 400, code: api.CodeInvalidRequest},
		{
			name:   "form",
			body:   `title=a`,
			option: apitest.Header("content-type", "application/x-www-form-urlencoded"),
			status: 415,
			code:   api.CodeUnsupportedMediaType,
		},
		{
			name:   "too large",
			body:   `{"title":"a","contents":"` + strings.Repeat("x", api.MaxBody) + `"}`,
			status: 413,
			code:   api.CodePayloadTooLarge,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			options := []apitest.Option{apitest.User(ines), apitest.RawBody(c.body)}
			if c.option != nil {
				options = append(options, c.option)
			}
			s.Call(t, "POST /post", options...).WantProblem(t, c.status, c.code)
		})
	}
	if page := s.list(t, "100"); len(page.Posts) > 0 {
		t.Errorf("refused bodies made posts: %+v", page.Posts)
	}
}

// The claim that pre token generation adds decides how long a post may be.
func TestPlans(t *testing.T) {
	const limits = "free:10,gold:20,trial:5"
	for _, c := range []struct {
		name   string
		caller []apitest.Option
		limit  int
		plan   string // that the refusal names
	}{
		{
			name:   "claim of the first plan",
			caller: []apitest.Option{apitest.User(ines), onPlan("free")},
			limit:  10,
			plan:   "free",
		},
		{
			name:   "claim of another plan",
			caller: []apitest.Option{apitest.User(ines), onPlan("gold")},
			limit:  20,
			plan:   "gold",
		},
		{
			name:   "claim of a lower plan",
			caller: []apitest.Option{apitest.User(ines), onPlan("trial")},
			limit:  5,
			plan:   "trial",
		},
		{name: "no claim", caller: []apitest.Option{apitest.User(ines)}, limit: 10, plan: "free"},
		{name: "claim of no plan", caller: []apitest.Option{apitest.User(ines), onPlan("platinum")}, limit: 10, plan: "free"},
		{name: "claim in other case", caller: []apitest.Option{apitest.User(ines), onPlan("GOLD")}, limit: 10, plan: "free"},
		{
			name:   "claim that is a list",
			caller: []apitest.Option{apitest.User(ines), onPlan("[gold]")},
			limit:  10,
			plan:   "free",
		},
		{
			name:   "administrator on a low plan",
			caller: []apitest.Option{apitest.User(ines, "admins"), onPlan("trial")},
			limit:  20,
			plan:   "gold",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newServer(t, map[string]string{limitsSetting: limits})
			id := apitest.Path("id", s.create(t, ines, text("a", "b")).ID.String())
			for _, route := range []string{"POST /post", "PUT /post/{id}"} {
				options := append([]apitest.Option{id}, c.caller...)
				if answer := s.Call(t, route, append(options, text("a", strings.Repeat("é", c.limit)))...); answer.Status/100 !=
					2 {
					t.Errorf("%s with %d characters: %d %s", route, c.limit, answer.Status, answer.Body)
				}
				p := s.Call(t, route, append(options, text("a", strings.Repeat("é", c.limit+1)))...).WantProblem(t, 403,
					codePlanLimit)
				if !strings.Contains(p.Detail, c.plan) || !strings.Contains(p.Detail, strconv.Itoa(c.limit)) {
					t.Errorf("detail %q does not name the plan %s and its limit %d", p.Detail, c.plan, c.limit)
				}
			}
		})
	}
}
