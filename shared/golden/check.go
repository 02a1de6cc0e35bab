package golden

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"cognito-triggers/shared/events"
)

// Outcome is the result of a function: an answer, or the text of an error. The end user reads the errors of triggers.
type Outcome struct {
	Answer    []byte
	Error     string
	RequestID string // part of generic error texts
}

// text returns the error with REQUEST_ID in place of the request id, as in wants.
func (o Outcome) text() string { return o.withoutID(o.Error) }

func (o Outcome) withoutID(text string) string {
	if o.RequestID == "" {
		return text
	}
	return strings.ReplaceAll(text, o.RequestID, "REQUEST_ID")
}

// Check compares the outcome with the case's Want and returns nil or a readable difference. It also checks that the
// answer changes nothing but the response, and has no null in it that the event did not have.
func (c Case) Check(got Outcome) error {
	if got.Error != "" || c.Want.Error != "" {
		if text := got.text(); text != c.Want.Error {
			return fmt.Errorf("error text is %q, want %q", text, c.Want.Error)
		}
		return nil
	}
	if c.Want.HTTP != nil {
		return c.Want.HTTP.check(got.withoutID(string(got.Answer)))
	}
	if c.Want.Answer == "unchanged" {
		if !bytes.Equal(got.Answer, c.Event) {
			return difference("the answer is not the event byte for byte", c.Event, got.Answer)
		}
		return nil
	}
	return c.checkResponse(got.Answer)
}

func (c Case) checkResponse(answer []byte) error {
	response, err := events.Response(answer)
	if err != nil {
		return fmt.Errorf("the answer is not a JSON object: %.200s", answer)
	}
	expected, err := events.ReplaceResponse(c.Event, response)
	if err != nil {
		return err
	}
	if !bytes.Equal(expected, answer) {
		return difference("the answer changed more than response", expected, answer)
	}
	if !fits(decoded(c.Want.Response), decoded(response)) {
		return difference("response", pretty(c.Want.Response), pretty(response))
	}
	before, _ := events.Response(c.Event)
	if added := newNulls(before, response); len(added) > 0 {
		return fmt.Errorf("the answer has nulls that the event did not have: %s", strings.Join(added, ", "))
	}
	return nil
}

// CheckProfile compares the stored profile with the case's Want, if that has a profile. stored is JSON without times,
// or nil if there is no profile.
func (c Case) CheckProfile(stored json.RawMessage) error {
	if c.Want.Profile == nil {
		return nil
	}
	if stored == nil {
		stored = json.RawMessage("null")
	}
	if want, got := pretty(c.Want.Profile), pretty(stored); !bytes.Equal(want, got) {
		return difference("stored profile", want, got)
	}
	return nil
}

// Differs compares two JSON texts by value and returns nil or a readable difference that begins with what.
func Differs(what string, want, got []byte) error {
	if want, got := pretty(want), pretty(got); !bytes.Equal(want, got) {
		return difference(what, want, got)
	}
	return nil
}

func difference(what string, want, got []byte) error {
	text := diff.Diff("want", lines(want), "got", lines(got))
	if text == nil { // they differ only in white space, which lines removes
		text = fmt.Appendf(nil, "want %q\ngot  %q", want, got)
	}
	return fmt.Errorf("%s:\n%s", what, text)
}

// lines indents a JSON text of one line, so that a difference shows the place.
func lines(text []byte) []byte {
	if !bytes.Contains(text, []byte("\n")) && json.Valid(text) {
		var out bytes.Buffer
		if json.Indent(&out, text, "", "  ") == nil {
			text = out.Bytes()
		}
	}
	return append(bytes.Clone(text), '\n')
}

// pretty returns JSON in a canonical form: members sorted, numbers as spelled. Other text is returned unchanged.
func pretty(text []byte) []byte {
	var value any
	if decodeNumbers(text, &value) != nil {
		return text
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if enc.Encode(value) != nil {
		return text
	}
	return out.Bytes()
}

// decodeNumbers is json.Unmarshal that keeps numbers as they are spelled.
func decodeNumbers(text []byte, into *any) error {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	return dec.Decode(into)
}

func newNulls(before, after []byte) []string {
	var had, has []string
	nulls(before, "response", &had)
	nulls(after, "response", &has)
	return slices.DeleteFunc(has, func(place string) bool { return slices.Contains(had, place) })
}

func nulls(text []byte, place string, into *[]string) {
	var value any
	if len(text) == 0 || json.Unmarshal(text, &value) != nil {
		return
	}
	walkNulls(value, place, into)
}

func walkNulls(value any, place string, into *[]string) {
	switch v := value.(type) {
	case nil:
		*into = append(*into, place)
	case map[string]any:
		for name, member := range v {
			walkNulls(member, place+"."+name, into)
		}
	case []any:
		for i, item := range v {
			walkNulls(item, fmt.Sprintf("%s[%d]", place, i), into)
		}
	}
}

// WantOf returns the Want that the outcome would meet. A response that still meets the case's Want stays as it is
// written there, with its Any.
func WantOf(c Case, got Outcome) Want {
	switch {
	case got.Error != "":
		return Want{Error: got.text()}
	case c.Want.HTTP == nil && bytes.Equal(got.Answer, c.Event):
		return Want{Answer: "unchanged"}
	}
	if c.Want.HTTP != nil {
		if http, err := c.Want.HTTP.of(got.withoutID(string(got.Answer))); err == nil {
			return Want{HTTP: http}
		}
		return Want{Error: "the answer is not an HTTP response"}
	}
	response, err := events.Response(got.Answer)
	if err != nil || response == nil {
		return Want{Error: "the answer has no response"}
	}
	if c.Want.Response != nil && fits(decoded(c.Want.Response), decoded(response)) {
		return Want{Response: c.Want.Response}
	}
	return Want{Response: response}
}
