package trigger

import (
	"encoding/json"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"time"
)

// Namespace is the CloudWatch namespace of the toolkit's metrics.
const Namespace = "CognitoTriggers"

// write appends the invocation's line in CloudWatch's embedded metric format, which CloudWatch Logs turns into metrics
// without an API call: its duration by function, trigger source and outcome, and each counter by function, so that an
// alarm on a counter needs no more than the function's name. Every event pays for this line, so it is put together
// without reflection.
// See https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
func (in *invocation) write(w io.Writer) {
	in.mu.Lock()
	defer in.mu.Unlock()
	names := slices.Sorted(maps.Keys(in.counts))
	line := append(make([]byte, 0, 768), `{"_aws":{"Timestamp":`...)
	line = strconv.AppendInt(line, in.began.UnixMilli(), 10)
	line = append(line, `,"CloudWatchMetrics":[{"Namespace":"`+Namespace+`","Dimensions":[["FunctionName","TriggerSource","Outcome"]],"Metrics":[{"Name":"Duration","Unit":"Milliseconds"}]}`...)
	if len(names) > 0 {
		line = append(line, `,{"Namespace":"`+Namespace+`","Dimensions":[["FunctionName"]],"Metrics":[`...)
		for i, name := range names {
			if i > 0 {
				line = append(line, ',')
			}
			line = append(appendText(append(line, `{"Name":`...), name), `,"Unit":"Count"}`...)
		}
		line = append(line, "]}"...)
	}
	line = append(line, "]}"...)
	for _, name := range slices.Sorted(maps.Keys(in.notes)) {
		line = appendMember(line, name, in.notes[name])
	}
	for _, name := range names {
		line = strconv.AppendInt(append(appendText(append(line, ','), name), ':'), int64(in.counts[name]), 10)
	}
	line = appendMember(line, "FunctionName", functionName(in.hook))
	line = appendMember(line, "TriggerSource", in.triggerSource())
	line = appendMember(line, "Outcome", in.outcome)
	line = appendMember(line, "RequestId", in.requestID)
	line = appendMember(line, "UserPoolId", in.envelope.UserPoolID)
	line = append(line, `,"Duration":`...)
	line = strconv.AppendFloat(line, float64(time.Since(in.began).Microseconds())/1000, 'f', -1, 64)
	_, _ = w.Write(append(line, "}\n"...))
}

func appendMember(line []byte, name, value string) []byte {
	return appendText(append(appendText(append(line, ','), name), ':'), value)
}

func appendText(line []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			quoted, _ := json.Marshal(text) // a string always has an encoding
			return append(line, quoted...)
		}
	}
	return append(append(append(line, '"'), text...), '"')
}

// triggerSource is the event's own, or "other" for one that Cognito does not have: an unbounded dimension would make a
// metric per value.
func (in *invocation) triggerSource() string {
	if slices.Contains(in.hook.Sources(), in.envelope.TriggerSource) {
		return in.envelope.TriggerSource
	}
	return "other"
}

func functionName[S ~string](hook S) string {
	if name := os.Getenv("AWS_LAMBDA_FUNCTION_NAME"); name != "" {
		return name
	}
	return string(hook)
}
