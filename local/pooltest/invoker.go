package pooltest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/google/uuid"

	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/shared/cognito"
)

// invoker calls the handlers in this process. It implements fire.Invoker.
type invoker struct {
	handlers map[cognito.Hook]lambda.Handler
	limit    time.Duration
}

// arnOf returns the ARN of a hook's function, whose name is the hook.
func arnOf(hook cognito.Hook) string {
	return "arn:aws:lambda:" + region + ":000000000000:function:" + string(hook)
}

// result is what a handler returned.
type result struct {
	answer []byte
	err    error
}

// Invoke calls the handler once. A handler that is late goes on by itself, since nothing can stop a Go function.
func (i *invoker) Invoke(ctx context.Context, arn string, event []byte) ([]byte, error) {
	name, err := fire.FunctionName(arn)
	if err != nil {
		return nil, err
	}
	handler := i.handlers[cognito.Hook(name)]
	if handler == nil {
		return nil, fmt.Errorf("no handler for %s: attach one with pooltest.On", arn)
	}
	ctx, cancel := context.WithTimeout(lambdacontext.NewContext(ctx, &lambdacontext.LambdaContext{
		AwsRequestID: uuid.NewString(), InvokedFunctionArn: arn,
	}), i.limit)
	done := make(chan result, 1)
	go func() {
		defer cancel()
		done <- call(ctx, handler, event)
	}()
	timer := time.NewTimer(i.limit)
	defer timer.Stop()
	select {
	case r := <-done:
		if !errors.Is(ctx.Err(), context.DeadlineExceeded) { // an answer to the end of ctx is late, before the timer or after
			return r.answer, r.err
		}
	case <-timer.C:
	}
	return nil, fmt.Errorf("the handler of %s: %w", name, lambdaruntime.ErrTimeout)
}

// call returns the handler's answer, or its error in the form that Lambda reports it in. A panic is such an error, too.
func call(ctx context.Context, handler lambda.Handler, event []byte) (r result) {
	defer func() {
		if problem := recover(); problem != nil {
			r = result{err: &lambdaruntime.FunctionError{Type: fmt.Sprintf("%T", problem), Message: fmt.Sprint(problem)}}
		}
	}()
	answer, err := handler.Invoke(ctx, event)
	if err != nil {
		return result{err: &lambdaruntime.FunctionError{Type: fmt.Sprintf("%T", err), Message: err.Error()}}
	}
	return result{answer: answer}
}
