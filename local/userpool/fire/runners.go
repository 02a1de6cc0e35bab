package fire

import (
	"context"
	"fmt"

	"cognito-triggers/local/lambdaruntime"
)

// Runners invokes functions of this machine, found by ARN.
type Runners func(arn string) (*lambdaruntime.Runner, error)

// Invoke implements Invoker.
func (find Runners) Invoke(ctx context.Context, arn string, event []byte) ([]byte, error) {
	runner, err := find(arn)
	if err != nil {
		return nil, fmt.Errorf("function %s: %w", arn, err)
	}
	result, err := runner.InvokeAsCognito(ctx, event)
	return result.Payload, err
}
