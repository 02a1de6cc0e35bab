package emf

import (
	"bytes"
	"regexp"
	"testing"
	"time"
)

func TestLine(t *testing.T) {
	t.Setenv("AWS_LAMBDA_FUNCTION_NAME", "")
	cases := map[string]struct {
		fill func(*Line)
		want string
	}{
		"plain": {
			fill: func(*Line) {},
			want: `{"_aws":{"Timestamp":1000,"CloudWatchMetrics":[{"Namespace":"CognitoTriggers",` +
				`"Dimensions":[["FunctionName","Outcome"]],"Metrics":[{"Name":"Duration","Unit":"Milliseconds"}]}]},` +
				`"FunctionName":"f","Outcome":"a \"b\"","RequestId":"r","Duration":0}`,
		},
		"counters and notes": {fill: func(l *Line) { l.Count("B"); l.Count("A"); l.Count("B"); l.Note("Plan", "gold") },
			want: `{"_aws":{"Timestamp":1000,"CloudWatchMetrics":[{"Namespace":"CognitoTriggers",` +
				`"Dimensions":[["FunctionName","Outcome"]],"Metrics":[{"Name":"Duration","Unit":"Milliseconds"}]},` +
				`{"Namespace":"CognitoTriggers","Dimensions":[["FunctionName"]],"Metrics":[{"Name":"A","Unit":"Count"},` +
				`{"Name":"B","Unit":"Count"}]}]},"Plan":"gold","A":1,"B":2,"FunctionName":"f","Outcome":"a \"b\"",` +
				`"RequestId":"r","Duration":0}`},
	}
	duration := regexp.MustCompile(`"Duration":[0-9.]+}`)
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var line Line
			c.fill(&line)
			var out bytes.Buffer
			head := Head{Namespace: Namespace, Function: FunctionName("f"), Began: time.UnixMilli(1000)}
			line.Write(&out, head, []Member{{Name: "Outcome", Value: `a "b"`}}, []Member{{Name: "RequestId", Value: "r"}})
			if got := duration.ReplaceAllString(out.String(), `"Duration":0}`); got != c.want+"\n" {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
		})
	}
}

func TestFunctionName(t *testing.T) {
	t.Setenv("AWS_LAMBDA_FUNCTION_NAME", "deployed")
	if got := FunctionName("other"); got != "deployed" {
		t.Errorf("got %q", got)
	}
}
