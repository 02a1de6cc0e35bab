package trigger

import (
	"io"
	"slices"

	"cognito-triggers/shared/emf"
)

// Namespace is the CloudWatch namespace of the toolkit's metrics.
const Namespace = emf.Namespace

// write appends the invocation's line: its duration by function, trigger source and outcome, and its counters.
func (in *invocation) write(w io.Writer) {
	in.line.Write(w, in.began, emf.FunctionName(string(in.hook)),
		[]emf.Member{{Name: "TriggerSource", Value: in.triggerSource()}, {Name: "Outcome", Value: in.outcome}},
		[]emf.Member{{Name: "RequestId", Value: in.requestID}, {Name: "UserPoolId", Value: in.envelope.UserPoolID}})
}

// triggerSource is the event's own, or "other" for one that Cognito does not have: an unbounded dimension would make a
// metric per value.
func (in *invocation) triggerSource() string {
	if slices.Contains(in.hook.Sources(), in.envelope.TriggerSource) {
		return in.envelope.TriggerSource
	}
	return "other"
}
