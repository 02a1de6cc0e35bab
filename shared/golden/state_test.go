package golden

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"
)

// left is what a function left: Tables and Outbox at once.
type left struct {
	items map[string][]json.RawMessage
	mails []Mail
	sms   []SMS
}

func (l left) Put(_ context.Context, table string, item json.RawMessage) error {
	l.items[table] = append(l.items[table], item)
	return nil
}

func (l left) Items(_ context.Context, table string) ([]json.RawMessage, error) {
	return l.items[table], nil
}
func (l left) Mails(context.Context) ([]Mail, error) { return l.mails, nil }
func (l left) SMS(context.Context) ([]SMS, error)    { return l.sms, nil }

func items(texts ...string) []json.RawMessage {
	list := []json.RawMessage{}
	for _, text := range texts {
		list = append(list, json.RawMessage(text))
	}
	return list
}

func TestCheckState(t *testing.T) {
	t.Parallel()
	stored := left{
		items: map[string][]json.RawMessage{"codes": items(`{"user":"ines","at":1764513175}`, `{"user":"rosa","at":2}`)},
		mails: []Mail{{From: "a@example.org", To: []string{"b@example.org"}, Subject: "Hello", Text: "text"}},
		sms:   []SMS{{To: "+15550100", Text: "4711"}},
	}
	for name, c := range map[string]struct {
		want    Want
		problem string // in the error
	}{
		"nothing stated": {},
		"all, in any order": {want: Want{
			Tables: map[string][]json.RawMessage{"codes": items(`{"at": 2, "user": "rosa"}`, `{"user":"ines","at":1764513175}`)},
			Mails:  stored.mails, SMS: stored.sms,
		}},
		"the exact one comes first": {want: Want{
			Tables: map[string][]json.RawMessage{"codes": items(`{"user":"ANY","at":"ANY"}`, `{"user":"ines","at":1764513175}`)},
		}},
		"only some members": {want: Want{
			Mails: []Mail{{To: []string{"b@example.org"}, Text: "ANY"}}, SMS: []SMS{{Text: "4711"}},
		}},
		"too few items": {
			want:    Want{Tables: map[string][]json.RawMessage{"codes": items(`{"user":"ines","at":"ANY"}`)}},
			problem: `+    "user": "rosa"`,
		},
		"another member": {
			want: Want{Tables: map[string][]json.RawMessage{
				"codes": items(`{"user":"ines","at":"ANY","by":"ANY"}`, `{"user":"rosa","at":2}`),
			}},
			problem: `-    "by": "ANY"`,
		},
		"empty table": {want: Want{Tables: map[string][]json.RawMessage{"others": items()}}},
		"no mail":     {want: Want{Mails: []Mail{}}, problem: "mails:"},
		"another SMS": {want: Want{SMS: []SMS{{Text: "0815"}}}, problem: "sms:"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := Case{Want: c.want}.CheckState(t.Context(), stored, stored)
			if (err == nil) != (c.problem == "") || err != nil && !strings.Contains(err.Error(), c.problem) {
				t.Errorf("error %v, want %q", err, c.problem)
			}
		})
	}
}

// An update keeps what still holds as it is written, and writes no more than the case stated.
func TestUpdateState(t *testing.T) {
	t.Parallel()
	c := Case{Want: Want{
		Tables: map[string][]json.RawMessage{"codes": items(`{"user":"ines","at":"ANY"}`, `{"user":"gone"}`)},
		Mails:  []Mail{{Subject: "Hello"}},
	}}
	stored := left{
		items: map[string][]json.RawMessage{"codes": items(`{"user":"rosa"}`, `{"user":"ines","at":7}`)},
		mails: []Mail{{From: "a@example.org", Subject: "Hello"}, {Subject: "Again"}},
		sms:   []SMS{{Text: "4711"}},
	}
	var want Want
	if err := c.UpdateState(t.Context(), &want, stored, stored); err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	const expected = `{"tables":{"codes":[{"user":"ines","at":"ANY"},{"user":"rosa"}]},` +
		`"mails":[{"subject":"Hello"},{"subject":"Again"}]}`
	if string(got) != expected {
		t.Errorf("got  %s\nwant %s", got, expected)
	}
}

// A response with a random value, such as a challenge's, can be stated, and -update leaves what still holds.
func TestAnyInAResponse(t *testing.T) {
	t.Parallel()
	event := `{"version":"1","response":{"privateChallengeParameters":null}}`
	answer := func(parameters string) Outcome {
		text := `{"version":"1","response":{"privateChallengeParameters":` + parameters + `}}`
		return Outcome{Answer: []byte(text)}
	}
	c := Case{Event: []byte(event)}
	c.Want.Response = json.RawMessage(`{"privateChallengeParameters":{"key":"ANY","medium":"email"}}`)
	random := answer(`{"key":"K7","medium":"email"}`)
	if err := c.Check(random); err != nil {
		t.Error(err)
	}
	if got := WantOf(c, random).Response; !bytes.Equal(got, c.Want.Response) {
		t.Errorf("updated to %s, want it left", got)
	}
	for _, other := range []string{
		`{"key":"K7","medium":"sms"}`, `{"medium":"email"}`, `{"key":"K7","medium":"email","more":"1"}`, `{}`,
	} {
		if err := c.Check(answer(other)); err == nil {
			t.Errorf("%s passed", other)
		}
		if got := WantOf(c, answer(other)).Response; !bytes.Contains(got, []byte(other)) {
			t.Errorf("updated to %s, want %s", got, other)
		}
	}
}
