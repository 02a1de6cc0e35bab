package fire

import (
	"context"
	"fmt"

	"cognito-triggers/local/lambdaruntime"
)

// Runners finds the runner of a local function by the function's ARN.
type Runners func(arn string) (*lambdaruntime.Runner, error)

// Invoke implements Invoker.
func (find Runners) Invoke(ctx context.Context, arn string, event []byte) ([]byte, error) {
	result, err := find.Attempt(ctx, arn, event)
	return result.Payload, err
}

// Attempt implements Attempter.
func (find Runners) Attempt(ctx context.Context, arn string, event []byte) (lambdaruntime.Result, error) {
	runner, err := find(arn)
	if err != nil {
		return lambdaruntime.Result{}, fmt.Errorf("function %s: %w", arn, err)
	}
	return runner.Invoke(ctx, event)
}
