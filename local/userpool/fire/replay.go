package fire

import (
	"context"
	"fmt"
	"time"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
)

// Replay calls the function of a recorded event again, once, with its present code, and returns what comes of it. It is
// not logged, since no client called. Members that the record hides are "..." in the event, see Record.Hidden. ses says
// whether the pool sends e-mail through SES, on which Cognito's rules for answers depend.
func (f *Firer) Replay(ctx context.Context, recorded Record, ses bool) (Record, error) {
	envelope, err := events.DecodeEnvelope(recorded.Event)
	if err != nil {
		return Record{}, fmt.Errorf("event %d is not kept whole: %w", recorded.Number, err)
	}
	c := Call{
		Hook: cognito.HookOf(recorded.Source), Source: recorded.Source, ARN: recorded.Function, PoolID: recorded.PoolID,
		UserName: recorded.UserName, Version: envelope.Version, SES: ses,
	}
	again := f.begin(ctx, c)
	again.Event, again.Request, again.Hidden = recorded.Event, recorded.Request, recorded.Hidden
	if f.Invoker == nil {
		return Record{}, errNoInvoker(c.ARN)
	}
	older := ""
	if f.Ready != nil {
		older = f.Ready(ctx, c.ARN)
	}
	began := time.Now()
	result, err := attempt(ctx, f.Invoker, c.ARN, recorded.Event)
	again.Milliseconds = milliseconds(time.Since(began))
	again.Attempts, again.Settings = []Attempt{attemptOf(began, result, err)}, result.Settings
	_, _ = again.end(c, recorded.Event, result.Payload, err) // the record has both
	if older != "" {
		again.Problems = append(again.Problems, older)
	}
	return again, nil
}
