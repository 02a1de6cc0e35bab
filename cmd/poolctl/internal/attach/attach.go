// Package attach puts functions on the triggers of a user pool that was made by hand, and takes them off again.
//
// UpdateUserPool resets what a call leaves out, so the whole pool has to be sent back to change one trigger. What is
// sent back here is the JSON that DescribeUserPool answered, not the SDK's structs: these drop members that they do not
// know and false values, and both are settings. A member that the operation is not known to take is refused by its name
// before anything is changed. Afterwards the pool is read again, and whatever else has changed is an error.
//
// It works against AWS and against the local user pool alike, and is part of the command: no function links it.
package attach

import (
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/smithy-go"

	"cognito-triggers/shared/cognito"
)

// Clients are the services that are called.
type Clients struct {
	Pools     *cip.Client
	Functions *lambda.Client
}

// Trigger is a function that is to be attached.
type Trigger struct {
	Name     string // what the user calls it, for messages
	Hook     cognito.Hook
	Version  string // of its events, where the hook has several
	Function string // its name or ARN
	Alias    string // "" for none; an ARN may hold one of its own
}

// splitQualifier takes the alias or version off a function's ARN or name.
func splitQualifier(function string) (name, qualifier string) {
	parsed, err := arn.Parse(function)
	if err != nil {
		if name, qualifier, _ = strings.Cut(function, ":"); strings.Contains(qualifier, ":") {
			return function, "" // neither a name nor an ARN
		}
		return name, qualifier
	}
	resource := strings.Split(parsed.Resource, ":") // function:NAME:QUALIFIER
	if len(resource) != 3 {
		return function, ""
	}
	parsed.Resource = strings.Join(resource[:2], ":")
	return parsed.String(), resource[2]
}

// Region is the Region that a user pool's ID names.
func Region(poolID string) (string, error) {
	region, rest, found := strings.Cut(poolID, "_")
	if !found || region == "" || rest == "" {
		return "", fmt.Errorf("--user-pool-id: %q is no user pool's ID; it looks like eu-west-1_AbCdEfGhI", poolID)
	}
	return region, nil
}

// isCode tells whether a service answered with one of these errors.
func isCode(err error, codes ...string) bool {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return false
	}
	for _, code := range codes {
		if api.ErrorCode() == code {
			return true
		}
	}
	return false
}
