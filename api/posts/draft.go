package main

import (
	"fmt"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"cognito-triggers/shared/api"
	"cognito-triggers/shared/visible"
)

// maxTitle is in characters, like the limits of plans.
const maxTitle = 200

// codePlanLimit is the code for texts over the plan's limit, as opposed to a missing permission.
const codePlanLimit = "plan_limit"

// planClaim is the claim that pre token generation adds from the profile, where no user can write it.
const planClaim = "plan"

// draft is the texts of a post.
type draft struct {
	Title    string `json:"title"`
	Contents string `json:"contents"`
}

// readDraft reads the body and checks it against the rules and the caller's plan.
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

// planOf returns the caller's plan. Administrators have the largest, so that they can edit every post.
func (h handler) planOf(r *api.Request) plan {
	if h.isAdmin(r) {
		return h.config.Plans.largest()
	}
	return h.config.Plans.of(r.Claims().Get(planClaim))
}

func (d draft) check() error {
	switch {
	case utf8.RuneCountInString(d.Title) > maxTitle:
		return wrong("title", fmt.Sprintf("is too long: write at most %d characters", maxTitle))
	case strings.ContainsFunc(d.Title, breaksLine):
		return wrong("title", "contains control characters or line breaks: use a single line of text")
	case strings.ContainsFunc(d.Contents, controlsInText):
		return wrong("contents", "contains control characters other than line ends and tabs")
	}
	if err := checkVisible("title", d.Title); err != nil {
		return err
	}
	return checkVisible("contents", d.Contents)
}

// checkVisible refuses a text that readers would not see, or would see in another order.
func checkVisible(name, text string) error {
	switch {
	case strings.TrimSpace(text) == "":
		return wrong(name, "is missing or empty")
	case !visible.Any(text):
		return wrong(name, "shows nothing: write at least one visible character")
	case strings.ContainsFunc(text, visible.Reorders):
		return wrong(name, "contains characters that change the direction of text (U+202A to U+202E, U+2066 to U+2069)")
	}
	return nil
}

func breaksLine(r rune) bool { return unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp) }

func controlsInText(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' }

func (p plan) check(d draft) error {
	if length := utf8.RuneCountInString(d.Contents); length > p.limit {
		return api.FailField(http.StatusForbidden, codePlanLimit, "contents",
			fmt.Sprintf("has %d characters, and the plan %s allows %d", length, p.name, p.limit))
	}
	return nil
}

// wrong returns the problem of a member of the body, a parameter or a header.
func wrong(name, detail string) error {
	return api.FailField(http.StatusBadRequest, api.CodeInvalidParameter, name, detail)
}
