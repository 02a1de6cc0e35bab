// Package emf writes one line per invocation in CloudWatch's embedded metric format, which CloudWatch Logs turns into
// metrics without an API call. Every invocation pays for its line, so it is built without reflection.
//
// See
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
package emf

import (
	"encoding/json"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Namespace is the default CloudWatch namespace of the metrics.
const Namespace = "CognitoTriggers"

// Member is one string member of the line.
type Member struct{ Name, Value string }

// Line is the line of one invocation. Its methods are safe for parallel use.
type Line struct {
	mu     sync.Mutex
	counts map[string]int
	notes  map[string]string
}

// Count adds one to a counter, which becomes a metric of the function.
func (l *Line) Count(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.counts == nil {
		l.counts = map[string]int{}
	}
	l.counts[name]++
}

// Note adds a property to search by, which is not a dimension.
func (l *Line) Note(key, value string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.notes == nil {
		l.notes = map[string]string{}
	}
	l.notes[key] = value
}

// Head is the beginning of every line.
type Head struct {
	Namespace string // of the metrics in CloudWatch
	Function  string // the function's name
	Began     time.Time
}

// Write writes the line. Its metrics are the duration since began, by function and dimensions, and each counter, by
// function only, so that an alarm on a counter needs nothing but the function's name. Properties are not dimensions;
// logs can be searched by them.
func (l *Line) Write(w io.Writer, head Head, dimensions, properties []Member) {
	l.mu.Lock()
	defer l.mu.Unlock()
	names := slices.Sorted(maps.Keys(l.counts))
	line := append(make([]byte, 0, 768), `{"_aws":{"Timestamp":`...)
	line = strconv.AppendInt(line, head.Began.UnixMilli(), 10)
	line = appendText(append(line, `,"CloudWatchMetrics":[{"Namespace":`...), head.Namespace)
	line = append(line, `,"Dimensions":[["FunctionName"`...)
	for _, d := range dimensions {
		line = appendText(append(line, ','), d.Name)
	}
	line = append(line, `]],"Metrics":[{"Name":"Duration","Unit":"Milliseconds"}]}`...)
	if len(names) > 0 {
		line = appendCounters(line, head.Namespace, names)
	}
	line = append(line, "]}"...)
	for _, name := range slices.Sorted(maps.Keys(l.notes)) {
		line = appendMember(line, Member{name, l.notes[name]})
	}
	for _, name := range names {
		line = strconv.AppendInt(append(appendText(append(line, ','), name), ':'), int64(l.counts[name]), 10)
	}
	line = appendMember(line, Member{"FunctionName", head.Function})
	for _, members := range [][]Member{dimensions, properties} {
		for _, m := range members {
			line = appendMember(line, m)
		}
	}
	line = append(line, `,"Duration":`...)
	line = strconv.AppendFloat(line, float64(time.Since(head.Began).Microseconds())/1000, 'f', -1, 64)
	_, _ = w.Write(append(line, "}\n"...))
}

func appendCounters(line []byte, namespace string, names []string) []byte {
	line = appendText(append(line, `,{"Namespace":`...), namespace)
	line = append(line, `,"Dimensions":[["FunctionName"]],"Metrics":[`...)
	for i, name := range names {
		if i > 0 {
			line = append(line, ',')
		}
		line = append(appendText(append(line, `{"Name":`...), name), `,"Unit":"Count"}`...)
	}
	return append(line, "]}"...)
}

func appendMember(line []byte, m Member) []byte {
	return appendText(append(appendText(append(line, ','), m.Name), ':'), m.Value)
}

func appendText(line []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			quoted, _ := json.Marshal(text) // encoding a string cannot fail
			return append(line, quoted...)
		}
	}
	return append(append(append(line, '"'), text...), '"')
}

// FunctionName returns the Lambda function's name, or other if the process does not run in Lambda.
func FunctionName(other string) string {
	if name := os.Getenv("AWS_LAMBDA_FUNCTION_NAME"); name != "" {
		return name
	}
	return other
}
