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
		{"least", "a", "b", ""},
		{"most", long(200), long(2000), ""},
		{"lines", "One line", "a\r\n\tb\n", ""},
		{"emoji and right to left", "👩‍🚀 سلام", "<b>&\u2028", ""},
		{"no title", "", "b", "title"},
		{"blank title", " \u3000", "b", "title"},
		{"title too long", long(201), "b", "title"},
		{"title of two lines", "a\nb", "b", "title"},
		{"title with NUL", "a\x00", "b", "title"},
		{"no contents", "a", "", "contents"},
		{"blank contents", "a", " \n\t", "contents"},
		{"contents with an escape", "a", "b\x1b[31m", "contents"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newServer(t, nil)
			id := apitest.Path("id", s.create(t, ines).ID.String())
			posted := s.Call(t, "POST /post", apitest.User(ines), text(c.title, c.contents))
			put := s.Call(t, "PUT /post/{id}", id, apitest.User(ines), text(c.title, c.contents))
			if c.field == "" {
				var made draft
				posted.Want(t, 201).Decode(t, &made)
				if made != (draft{c.title, c.contents}) {
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
		{"unknown field", `{"title":"a","contents":"b","owner":"` + mateo + `"}`, nil, 400, api.CodeInvalidRequest},
		{"id of one's own", `{"title":"a","contents":"b","id":"01M6A6FSHFEJQ7F9M99JMGPNZC"}`, nil, 400, api.CodeInvalidRequest},
		{"number as title", `{"title":1,"contents":"b"}`, nil, 400, api.CodeInvalidRequest},
		{"title twice", `{"title":"a","title":"c","contents":"b"}`, nil, 400, api.CodeInvalidRequest},
		{"no JSON", `title=a`, nil, 400, api.CodeInvalidRequest},
		{"nothing", ``, nil, 400, api.CodeInvalidRequest},
		{"null", `null`, nil, 400, api.CodeInvalidRequest},
		{"form", `title=a`, apitest.Header("content-type", "application/x-www-form-urlencoded"), 415, api.CodeUnsupportedMediaType},
		{"too large", `{"title":"a","contents":"` + strings.Repeat("x", api.MaxBody) + `"}`, nil, 413, api.CodePayloadTooLarge},
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
		{"claim of the first plan", []apitest.Option{apitest.User(ines), onPlan("free")}, 10, "free"},
		{"claim of another plan", []apitest.Option{apitest.User(ines), onPlan("gold")}, 20, "gold"},
		{"claim of a lower plan", []apitest.Option{apitest.User(ines), onPlan("trial")}, 5, "trial"},
		{"no claim", []apitest.Option{apitest.User(ines)}, 10, "free"},
		{"claim of no plan", []apitest.Option{apitest.User(ines), onPlan("platinum")}, 10, "free"},
		{"claim in other case", []apitest.Option{apitest.User(ines), onPlan("GOLD")}, 10, "free"},
		{"claim that is a list", []apitest.Option{apitest.User(ines), onPlan("[gold]")}, 10, "free"},
		{"administrator on a low plan", []apitest.Option{apitest.User(ines, "admins"), onPlan("trial")}, 20, "gold"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newServer(t, map[string]string{limitsSetting: limits})
			id := apitest.Path("id", s.create(t, ines, text("a", "b")).ID.String())
			for _, route := range []string{"POST /post", "PUT /post/{id}"} {
				options := append([]apitest.Option{id}, c.caller...)
				if answer := s.Call(t, route, append(options, text("a", strings.Repeat("é", c.limit)))...); answer.Status/100 != 2 {
					t.Errorf("%s with %d characters: %d %s", route, c.limit, answer.Status, answer.Body)
				}
				p := s.Call(t, route, append(options, text("a", strings.Repeat("é", c.limit+1)))...).WantProblem(t, 403, codePlanLimit)
				if !strings.Contains(p.Detail, c.plan) || !strings.Contains(p.Detail, strconv.Itoa(c.limit)) {
					t.Errorf("detail %q does not name the plan %s and its limit %d", p.Detail, c.plan, c.limit)
				}
			}
		})
	}
}
