package challenge

import (
	"slices"
	"strings"
	"time"
	"unicode"
)

// Verdict is what became of an answer.
type Verdict int

// The verdicts. Only Right signs in.
const (
	Unevaluated Verdict = iota // there is no code or link to compare with, or the user had too many wrong answers
	Wrong
	Right
)

// Claim is an answer with the private parameters of its challenge.
type Claim struct {
	Method Method
	ID     string // "": the answer may be from another session than the link
	Answer string
}

// Answer decides about an answer. An evaluated answer changes the record: a wrong one counts, a right one uses the code
// or link up. The caller may act on the verdict only after the changed record has been stored, which one of several
// parallel answers does first.
func (r Record) Answer(wrong Rolling, c Claim, key Key, now time.Time) (Record, Verdict) {
	place := r.pending(c.Method)
	last := *place
	switch {
	case last == nil, last.Method != c.Method, last.Hash == "", last.Until <= now.Unix(), c.ID != "" && c.ID != last.ID,
		wrong.full(r.Wrong, now):
		return r, Unevaluated
	}
	if key.matches(last.Hash, last.ID, plain(c.Answer)) {
		used := *last
		used.Hash = ""
		*r.pending(c.Method) = &used
		return r, Right
	}
	r.Wrong = append(wrong.recent(r.Wrong, now), now.Unix())
	r.keep(now.Add(wrong.Within))
	return r, Wrong
}

// plain removes what people type or paste with a code: white space and hyphens. Tokens have neither.
func plain(answer string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '-' {
			return -1
		}
		return r
	}, answer)
}

// clone returns a record that shares nothing with r.
func (r Record) clone() Record {
	r.Sends, r.Wrong = slices.Clone(r.Sends), slices.Clone(r.Wrong)
	for _, place := range []**Pending{&r.Code, &r.Link} {
		if *place != nil {
			own := **place
			*place = &own
		}
	}
	return r
}
