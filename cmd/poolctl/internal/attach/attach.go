// Package attach attaches functions to the triggers of a user pool that Terraform does not manage, and detaches them.
// UpdateUserPool resets every setting that a request omits, so changing one trigger means sending the whole pool back.
// This package sends the JSON that DescribeUserPool returned, not the SDK's structs, which drop unknown members and
// false values. If the pool has a member that UpdateUserPool is not known to accept, planning fails and names it.
// After the update the pool is read again, and any other change is an error. UpdateUserPool has no version either, so
// the triggers are read once more after a pause, and set again if another program undid them. It works against AWS and
// the local user pool. Only poolctl links it, no function does.
package attach

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/arn"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/smithy-go"

	"cognito-triggers/shared/cognito"
)

// Clients are the AWS clients that the package calls.
type Clients struct {
	Pools     *cip.Client
	Functions *lambda.Client
	// Say tells the user what happened besides the plan; nil says nothing.
	Say func(text string)
	// Pause is the time between the two checks after an update, and must be long enough for another poolctl to read the
	// pool and update it; 0 means 2 s.
	Pause time.Duration
	// Wait waits, until the context ends; nil waits by the clock.
	Wait func(ctx context.Context, d time.Duration) error
}

const defaultPause = 2 * time.Second

func (c Clients) pause() time.Duration { return cmp.Or(c.Pause, defaultPause) }

func (c Clients) say(text string) {
	if c.Say != nil {
		c.Say(text)
	}
}

func (c Clients) wait(ctx context.Context, d time.Duration) error {
	if c.Wait != nil {
		return c.Wait(ctx, d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Trigger is a function to attach.
type Trigger struct {
	Name     string // the directory's name, for messages
	Hook     cognito.Hook
	Version  string // of its events, for hooks with several
	Function string // its name or ARN
	Alias    string // "" for none; ignored if the ARN has one
}

// splitQualifier splits the alias or version off a function's ARN or name.
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

// Region returns the Region in a user pool ID.
func Region(poolID string) (string, error) {
	region, rest, found := strings.Cut(poolID, "_")
	if !found || region == "" || rest == "" {
		return "", fmt.Errorf("--user-pool-id: %q is not a user pool ID; use one like eu-west-1_AbCdEfGhI", poolID)
	}
	return region, nil
}

// isCode reports whether err is a service error with one of these codes.
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
