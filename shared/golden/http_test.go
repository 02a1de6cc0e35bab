package golden

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestCheckHTTP(t *testing.T) {
	const answer = `{"statusCode":404,"headers":{"content-type":"application/problem+json","x":"1"},` +
		`"body":"{\"code\":\"not_found\",\"status\":404}"}`
	for name, c := range map[string]struct {
		want, answer string
		problem      string // in the error; "" for none
	}{
		"status":         {want: `{"status":404}`},
		"other status":   {want: `{"status":200}`, problem: "status is 404, want 200: {\"code\":\"not_found\""},
		"header":         {want: `{"status":404,"headers":{"x":"1"}}`},
		"other header":   {want: `{"status":404,"headers":{"x":"2"}}`, problem: `header x is "1", want "2"`},
		"missing header": {want: `{"status":404,"headers":{"y":"2"}}`, problem: `header y is "", want "2"`},
		"body":           {want: `{"status":404,"body":{"status":404,"code":"not_found"}}`},
		"other body":     {want: `{"status":404,"body":{"code":"gone"}}`, problem: `-  "code": "gone"`},
		"text":           {want: `{"status":200,"body":"x"}`, answer: `{"statusCode":200,"body":"x"}`},
		"no response":    {want: `{"status":200}`, answer: `{"request":{}}`, problem: "not an HTTP response"},
	} {
		t.Run(name, func(t *testing.T) {
			tested := Case{Event: []byte(`{"routeKey":"GET /"}`)}
			if err := json.Unmarshal([]byte(`{"http":`+c.want+`}`), &tested.Want); err != nil {
				t.Fatal(err)
			}
			got := Outcome{Answer: []byte(answer)}
			if c.answer != "" {
				got.Answer = []byte(c.answer)
			}
			err := tested.Check(got)
			if (err == nil) != (c.problem == "") || err != nil && !strings.Contains(err.Error(), c.problem) {
				t.Errorf("error %v, want %q", err, c.problem)
			}
			if err == nil {
				if tested.Want = WantOf(tested, got); tested.Check(got) != nil || tested.Want.check() != nil {
					t.Errorf("the outcome does not meet its own want: %+v", tested.Want.HTTP)
				}
			}
		})
	}
}

func TestIsRequest(t *testing.T) {
	for event, want := range map[string]bool{
		`{"routeKey":"GET /posts"}`: true, `{"httpMethod":"GET"}`: true,
		`{"triggerSource":"PreSignUp_SignUp","request":{}}`: false, `[]`: false, ``: false,
	} {
		if IsRequest([]byte(event)) != want {
			t.Errorf("%s: %v", event, !want)
		}
	}
}
