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
	runner, err := find(arn)
	if err != nil {
		return nil, fmt.Errorf("function %s: %w", arn, err)
	}
	result, err := runner.Invoke(ctx, event)
	return result.Payload, err
}
