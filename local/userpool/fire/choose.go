package fire

import (
	"context"
	"fmt"
	"slices"
	"strings"

	awsarn "github.com/aws/aws-sdk-go-v2/aws/arn"

	"cognito-triggers/local/lambdaruntime"
)

// Choose returns an Invoker that runs the named functions with local and all others with remote, which may be nil. It
// ignores the Region, account, version and alias in an ARN.
func Choose(local Invoker, names []string, remote Invoker) Invoker {
	return choice{local, names, remote}
}

type choice struct {
	local  Invoker
	names  []string
	remote Invoker
}

// Invoke implements Invoker.
func (c choice) Invoke(ctx context.Context, arn string, event []byte) ([]byte, error) {
	result, err := c.Attempt(ctx, arn, event)
	return result.Payload, err
}

// Attempt implements Attempter.
func (c choice) Attempt(ctx context.Context, arn string, event []byte) (lambdaruntime.Result, error) {
	name, err := FunctionName(arn)
	switch {
	case err != nil:
		return lambdaruntime.Result{}, err
	case slices.Contains(c.names, name):
		return attempt(ctx, c.local, arn, event)
	case c.remote != nil:
		return attempt(ctx, c.remote, arn, event)
	}
	return lambdaruntime.Result{}, fmt.Errorf(
		"no local function %q to run %s; the local functions are %s; to run others, set AWS_ENDPOINT_URL_LAMBDA",
		name, arn, strings.Join(c.names, ", "))
}

// FunctionName returns the name in a function's ARN without version or alias. For
// arn:aws:lambda:eu-west-1:000000000000:function:pre-sign-up:live it returns pre-sign-up. It returns an error if arn is
// not the ARN of a Lambda function.
func FunctionName(arn string) (string, error) {
	parsed, err := awsarn.Parse(arn)
	resource := strings.Split(parsed.Resource, ":") // function:NAME or function:NAME:ALIAS
	if err != nil || parsed.Service != "lambda" || len(resource) < 2 || len(resource) > 3 || resource[0] != "function" ||
		slices.Contains(resource, "") {
		return "", fmt.Errorf("%q is not the ARN of a Lambda function: "+
			"use one such as arn:aws:lambda:eu-west-1:000000000000:function:pre-sign-up", arn)
	}
	return resource[1], nil
}
