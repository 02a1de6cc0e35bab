package fire

import (
	"context"
	"fmt"
	"slices"
	"strings"

	awsarn "github.com/aws/aws-sdk-go-v2/aws/arn"
)

// Choose makes an Invoker of two: local runs the functions that names has, whatever Region, account, version or alias
// their ARN says, and remote all others. Remote may be nil.
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
	name, err := FunctionName(arn)
	switch {
	case err != nil:
		return nil, err
	case slices.Contains(c.names, name):
		return c.local.Invoke(ctx, arn, event)
	case c.remote != nil:
		return c.remote.Invoke(ctx, arn, event)
	}
	return nil, fmt.Errorf("no function %q is here to run %s: there are %s; others need AWS_ENDPOINT_URL_LAMBDA",
		name, arn, strings.Join(c.names, ", "))
}

// FunctionName is the name in a function's ARN, with or without the version or alias behind it:
// arn:aws:lambda:eu-west-1:000000000000:function:pre-sign-up:live is pre-sign-up.
func FunctionName(arn string) (string, error) {
	parsed, err := awsarn.Parse(arn)
	resource := strings.Split(parsed.Resource, ":") // function:NAME, and an alias or version behind it
	if err != nil || parsed.Service != "lambda" || len(resource) < 2 || len(resource) > 3 || resource[0] != "function" ||
		slices.Contains(resource, "") {
		return "", fmt.Errorf("%q is not the ARN of a Lambda function: "+
			"use one such as arn:aws:lambda:eu-west-1:000000000000:function:pre-sign-up", arn)
	}
	return resource[1], nil
}
