package trigger

import (
	"encoding/json"
	"io"
	"maps"
	"os"
	"slices"
	"time"
)

// Namespace is the CloudWatch namespace of the toolkit's metrics.
const Namespace = "CognitoTriggers"

// metricsMeta describes the metrics of one line in CloudWatch's embedded metric format, which CloudWatch Logs turns into
// metrics without an API call.
// See https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
type metricsMeta struct {
	Timestamp         int64              `json:"Timestamp"`
	CloudWatchMetrics []metricsDirective `json:"CloudWatchMetrics"`
}

type metricsDirective struct {
	Namespace  string         `json:"Namespace"`
	Dimensions [][]string     `json:"Dimensions"`
	Metrics    []metricsEntry `json:"Metrics"`
}

type metricsEntry struct {
	Name string `json:"Name"`
	Unit string `json:"Unit"`
}

// write appends the invocation's line: its duration by function, trigger source and outcome, and each counter by
// function, so that an alarm on a counter needs no more than the function's name.
func (in *invocation) write(w io.Writer) {
	in.mu.Lock()
	defer in.mu.Unlock()
	meta := metricsMeta{
		Timestamp: in.began.UnixMilli(),
		CloudWatchMetrics: []metricsDirective{{
			Namespace, [][]string{{"FunctionName", "TriggerSource", "Outcome"}}, []metricsEntry{{"Duration", "Milliseconds"}},
		}},
	}
	members := map[string]any{
		"FunctionName":  functionName(in.hook),
		"TriggerSource": in.triggerSource(),
		"Outcome":       in.outcome,
		"Duration":      float64(time.Since(in.began).Microseconds()) / 1000,
		"RequestId":     in.requestID,
		"UserPoolId":    in.envelope.UserPoolID,
	}
	for key, value := range in.notes {
		members[key] = value
	}
	if len(in.counts) > 0 {
		counters := metricsDirective{Namespace, [][]string{{"FunctionName"}}, nil}
		for _, name := range slices.Sorted(maps.Keys(in.counts)) {
			counters.Metrics = append(counters.Metrics, metricsEntry{name, "Count"})
			members[name] = in.counts[name]
		}
		meta.CloudWatchMetrics = append(meta.CloudWatchMetrics, counters)
	}
	members["_aws"] = meta
	line, err := json.Marshal(members)
	if err != nil {
		return
	}
	_, _ = w.Write(append(line, '\n'))
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
