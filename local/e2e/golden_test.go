package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"cognito-triggers/local/replay"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/golden"
	"cognito-triggers/testevents"
)

func TestGoldenEvents(t *testing.T) {
	eachGolden(t, func(t *testing.T, c golden.Case) {
		result := replay.One(t.Context(), local, c)
		if result.Err != nil {
			t.Error(result.Err)
		}
		if result.Outcome.Error == "" && c.Want.HTTP == nil {
			checkLossless(t, c.Event, result.Outcome.Answer)
		}
	})
}

// Cognito may add members anywhere at any time. The function must return them byte for byte, and decide as without
// them.
func TestUnknownMembersSurvive(t *testing.T) {
	eachGolden(t, func(t *testing.T, c golden.Case) {
		if c.Want.HTTP != nil {
			return // answers of API functions do not contain the request
		}
		given, plain := c, replay.One(t.Context(), local, c)
		if plain.Err != nil {
			t.Fatal(plain.Err)
		}
		c.Event, c.Config.Unchecked = withUnknownMembers(c.Event), "members that Cognito may add"
		if !json.Valid(c.Event) {
			t.Fatalf("the test created invalid JSON: %s", c.Event)
		}
		c.Want = golden.Want{Answer: "unchanged"} // the answer is checked below
		got := replay.One(t.Context(), local, c).Outcome
		if plain.Outcome.Error != "" {
			if want := testText(plain.Outcome); testText(got) != want {
				t.Errorf("error %q, without unknown members %q", testText(got), want)
			}
			return
		}
		if got.Error != "" {
			t.Fatalf("refused with unknown members: %s", got.Error)
		}
		checkLossless(t, c.Event, got.Answer)
		if sent, back := bytes.Count(c.Event, []byte(unknown)), bytes.Count(got.Answer, []byte(unknown)); back != sent {
			t.Errorf("%d unknown members came back, %d were sent: %s", back, sent, got.Answer)
		}
		bare := bytes.ReplaceAll(got.Answer, []byte(unknown), nil)
		if bytes.Contains(given.Want.Response, []byte(`"`+golden.Any+`"`)) { // it has random values
			if err := given.Check(golden.Outcome{Answer: bare}); err != nil {
				t.Errorf("after removing the unknown members: %v", err)
			}
			return
		}
		if !bytes.Equal(bare, plain.Outcome.Answer) {
			t.Errorf("answer after removing the unknown members\n%s\nanswer without them\n%s", bare, plain.Outcome.Answer)
		}
	})
}

func TestGroupsStayUntouchedWithoutAGroupRule(t *testing.T) {
	for version, sources := range map[string][]string{
		"V1_0": userSources(), "V2_0": userSources(), "V3_0": cognito.PreTokenGeneration.Sources(),
	} {
		for _, source := range sources {
			t.Run(version+"/"+source, func(t *testing.T) {
				f := start(t, "pre-token-generation", map[string]string{"EVENT_VERSION": version})
				e := event(t, source, version, func(event, _ members) {
					event["request"].(members)["groupConfiguration"] = members{
						"groupsToOverride":   []string{"staff", "editors"},
						"iamRolesToOverride": []string{"arn:aws:iam::123456789012:role/staff"},
						"preferredRole":      "arn:aws:iam::123456789012:role/staff",
					}
				})
				got := f.invoke(t, e)
				if got.refused != "" {
					t.Fatal(got.refused)
				}
				checkLossless(t, e, got.answer)
				machine := source == cognito.TokenGenerationClientCredentials // the built-in rules do not apply to it
				if !machine && !bytes.Contains(got.answer, []byte(`"plan":"free"`)) {
					t.Errorf("the rules were not applied: %s", got.answer)
				}
				if bytes.Contains(got.answer, []byte("groupOverrideDetails")) {
					t.Errorf("the answer would remove the user's groups: %s", got.answer)
				}
			})
		}
	}
}

// userSources are the sources of pre token generation that concern a user.
func userSources() []string {
	var sources []string
	for _, source := range cognito.PreTokenGeneration.Sources() {
		if source != cognito.TokenGenerationClientCredentials {
			sources = append(sources, source)
		}
	}
	return sources
}

// eachGolden runs check for every golden event, sequentially, because they share the pool.
func eachGolden(t *testing.T, check func(*testing.T, golden.Case)) {
	triggers, err := golden.Triggers(testevents.FS())
	if err != nil {
		t.Fatal(err)
	}
	for _, trigger := range triggers {
		cases, err := golden.Load(testevents.FS(), trigger)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cases {
			t.Run(trigger+"/"+c.Name, func(t *testing.T) { check(t, c) })
		}
		if err := local.CloseRunners(); err != nil { // each combination of settings has its own processes
			t.Error(err)
		}
	}
}

func testText(o golden.Outcome) string {
	return strings.ReplaceAll(o.Error, o.RequestID, "REQUEST_ID")
}

// checkLossless compares every byte outside response and rejects nulls that the event did not have. It locates response
// with the standard library's decoder, independently of the functions' code.
func checkLossless(t *testing.T, event, answer []byte) {
	t.Helper()
	head, tail, had := around(event)
	gotHead, gotTail, has := around(answer)
	if had && (!has || !bytes.Equal(head, gotHead) || !bytes.Equal(tail, gotTail)) {
		t.Errorf("the answer changed more than response:\n%s\nevent\n%s", answer, event)
	}
	before, after := map[string]bool{}, map[string]bool{}
	nulls(t, event, before)
	nulls(t, answer, after)
	for place := range after {
		if !before[place] {
			t.Errorf("%s is null in the answer, but not in the event", place)
		}
	}
}

// around returns the bytes before and after the value of the object's last member named response.
func around(object []byte) (head, tail []byte, found bool) {
	dec := json.NewDecoder(bytes.NewReader(object))
	_, _ = dec.Token()
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return nil, nil, false
		}
		start := dec.InputOffset()
		var value json.RawMessage
		if dec.Decode(&value) != nil {
			return nil, nil, false
		}
		if name == "response" {
			end := dec.InputOffset()
			start += int64(bytes.Index(object[start:end], value))
			head, tail, found = object[:start], object[end:], true
		}
	}
	return head, tail, found
}

func nulls(t *testing.T, text []byte, into map[string]bool) {
	t.Helper()
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatal(err)
	}
	var walk func(place string, value any)
	walk = func(place string, value any) {
		switch v := value.(type) {
		case nil:
			into[place] = true
		case map[string]any:
			for name, member := range v {
				walk(place+"."+name, member)
			}
		case []any:
			for i, item := range v {
				walk(fmt.Sprintf("%s[%d]", place, i), item)
			}
		}
	}
	walk("event", value)
}

// unknown is a member that no type in this repository has, in a spelling that no encoder would produce.
const unknown = `"futureMember" : {"\u0061":[1.50e+02,  -0.0, null,"\/é\u00e9"],"b":{}},`

// withUnknownMembers adds the unknown member to the event, its caller context, its request and its response, as far as
// they are non-empty objects.
func withUnknownMembers(object []byte) []byte {
	ends := []int64{}
	dec := json.NewDecoder(bytes.NewReader(object))
	depth, expectName, name := 0, false, ""
	for {
		token, err := dec.Token()
		if err == io.EOF {
			break
		}
		switch d, isDelim := token.(json.Delim); {
		case isDelim && (d == '{' || d == '['):
			depth++
			if d == '{' && dec.More() && (depth == 1 || depth == 2 && opened(name)) {
				ends = append(ends, dec.InputOffset())
			}
			expectName = depth == 1
		case isDelim:
			depth--
			expectName = depth == 1
		case depth == 1 && expectName:
			name, expectName = token.(string), false
		case depth == 1:
			expectName = true
		}
	}
	for i := len(ends) - 1; i >= 0; i-- {
		object = append(append(bytes.Clone(object[:ends[i]]), unknown...), object[ends[i]:]...)
	}
	return object
}

func opened(name string) bool {
	return name == "callerContext" || name == "request" || name == "response"
}
