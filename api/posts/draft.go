package main

import (
	"fmt"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"cognito-triggers/shared/api"
)

// maxTitle is in characters, as are the limits of the plans.
const maxTitle = 200

// codePlanLimit tells a limit that another plan does not have from a permission that is missing.
const codePlanLimit = "plan_limit"

// planClaim is the claim that pre token generation adds from the profile, where no user can write it.
const planClaim = "plan"

// draft is what a user writes of a post.
type draft struct {
	Title    string `json:"title"`
	Contents string `json:"contents"`
}

// readDraft reads the body and holds it to the rules and to the caller's plan.
func (h handler) readDraft(r *api.Request) (draft, error) {
	d, err := api.Decode[draft](r)
	if err != nil {
		return d, err
	}
	if err := d.check(); err != nil {
		return d, err
	}
	return d, h.planOf(r).check(d)
}

// planOf is the caller's plan. An administrator has the largest, so that every post can be edited.
func (h handler) planOf(r *api.Request) plan {
	if h.isAdmin(r) {
		return h.config.Plans.largest()
	}
	return h.config.Plans.of(r.Claims().Get(planClaim))
}

func (d draft) check() error {
	switch {
	case strings.TrimSpace(d.Title) == "":
		return wrong("title", "is missing or empty")
	case utf8.RuneCountInString(d.Title) > maxTitle:
		return wrong("title", fmt.Sprintf("is too long: write at most %d characters", maxTitle))
	case strings.ContainsFunc(d.Title, unicode.IsControl):
		return wrong("title", "holds control characters: write one line of text")
	case strings.TrimSpace(d.Contents) == "":
		return wrong("contents", "is missing or empty")
	case strings.ContainsFunc(d.Contents, controlsInText):
		return wrong("contents", "holds control characters other than line ends and tabs")
	}
	return nil
}

func controlsInText(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' }

func (p plan) check(d draft) error {
	if length := utf8.RuneCountInString(d.Contents); length > p.limit {
		return api.FailField(http.StatusForbidden, codePlanLimit, "contents",
			fmt.Sprintf("has %d characters, and the plan %s allows %d", length, p.name, p.limit))
	}
	return nil
}

// wrong is about a member of the body, a parameter or a header.
func wrong(name, detail string) error {
	return api.FailField(http.StatusBadRequest, api.CodeInvalidParameter, name, detail)
}
