// Package lambdaruntime runs compiled Lambda functions on this machine the way Lambda does. It spawns the unchanged
// `bootstrap`, feeds it events over the Lambda Runtime API, keeps processes warm, spawns more for parallel events,
// kills those that time out and replaces those that die. runner, err := runtime.Start(runtime.Function{Name:
// "pre-sign-up", Bootstrap: "build/amd64/pre-sign-up/bootstrap"})
//
//	result, err := runner.Invoke(ctx, event)
//
// The Runtime API: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
package lambdaruntime

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"cognito-triggers/local/loopback"
	"cognito-triggers/shared/functionlog"
)

// Defaults for Function.
const (
	DefaultTimeout      = 5 * time.Second // Cognito's limit for a synchronous trigger
	DefaultMemoryMB     = 128
	DefaultMaxInstances = 32
	defaultRegion       = "us-east-1"
)

// MaxPayload is the maximum size of an event or a response, in bytes.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const MaxPayload = 6 << 20

// Function is a compiled function and how to run it.
type Function struct {
	Name      string
	Bootstrap string // path of the executable
	// Environment is the process's whole environment, apart from the variables that Lambda sets (AWS_LAMBDA_*, _HANDLER,
	// AWS_REGION, AWS_DEFAULT_REGION, LAMBDA_TASK_ROOT and TZ), which it may override. Nothing is inherited from this
	// program.
	Environment map[string]string
	// MemoryMB is the memory that the function is told it has. It is not enforced.
	MemoryMB int
	// Timeout bounds one attempt as the caller sees it: from Invoke to the answer, including the wait for a free process
	// and a cold start.
	Timeout time.Duration
	// MaxInstances is the maximum number of processes, and so of concurrent events. Further events wait.
	MaxInstances int
	// Logs receives the processes' output, one Write per line. Writes of all runners are serialised, so they may share a
	// Writer.
	Logs io.Writer
	// Debug, if it is set, runs the function for somebody who stops it at breakpoints; see Debug.
	Debug *Debug
	// Lines is called with each line of the processes' output, one at a time and which attempt it belongs to; see
	// attemptLog. It may be nil.
	Lines func(functionlog.Line)
	// Settings are those that differ from the function's defaults. They are only reported, in each Result: the
	// process reads Environment.
	Settings map[string]string
}

// withDefaults validates fn and fills in the defaults.
func (fn Function) withDefaults() (Function, error) {
	if fn.Name == "" {
		return fn, errors.New("runtime: the function has no Name")
	}
	if fn.MemoryMB < 0 || fn.Timeout < 0 || fn.MaxInstances < 0 {
		return fn, fmt.Errorf("%s: MemoryMB, Timeout and MaxInstances must not be negative", fn.Name)
	}
	if fn.Debug != nil && fn.Debug.Attached != nil {
		return fn.withLimits(), nil // nothing is started
	}
	path, err := filepath.Abs(fn.Bootstrap)
	if err != nil {
		return fn, fmt.Errorf("%s: Bootstrap: %w", fn.Name, err)
	}
	info, err := os.Stat(path)
	switch {
	case fn.Bootstrap == "":
		return fn, fmt.Errorf("%s: Bootstrap is empty: give the path of the compiled function", fn.Name)
	case err != nil:
		return fn, fmt.Errorf("%s: Bootstrap: %w: build the function first", fn.Name, err)
	case !info.Mode().IsRegular() || info.Mode()&0o111 == 0:
		return fn, fmt.Errorf("%s: Bootstrap: %s is not an executable file", fn.Name, path)
	}
	fn.Bootstrap = path
	return fn.withLimits(), nil
}

func (fn Function) withLimits() Function {
	if fn.MemoryMB == 0 {
		fn.MemoryMB = DefaultMemoryMB
	}
	if fn.Timeout == 0 {
		fn.Timeout = DefaultTimeout
	}
	if fn.MaxInstances == 0 {
		fn.MaxInstances = DefaultMaxInstances
	}
	if fn.Debug != nil {
		fn.Timeout, fn.MaxInstances = untimed, 1
	}
	return fn
}

func (fn Function) region() string {
	for _, name := range []string{"AWS_REGION", "AWS_DEFAULT_REGION"} {
		if region := fn.Environment[name]; region != "" {
			return region
		}
	}
	return defaultRegion
}

// arn returns the function's ARN in the account that emulators use.
func (fn Function) arn() string {
	return "arn:aws:lambda:" + fn.region() + ":000000000000:function:" + fn.Name
}

// environment returns the environment of a process whose Runtime API listens at address and is behind the secret.
// Runtimes append their paths to AWS_LAMBDA_RUNTIME_API, so it may have one itself.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
func (fn Function) environment(address string, secret loopback.Secret) []string {
	all := fn.variables(address, secret)
	list := make([]string, 0, len(all))
	for name, value := range all {
		list = append(list, name+"="+value)
	}
	return list
}

func (fn Function) variables(address string, secret loopback.Secret) map[string]string {
	all := map[string]string{
		"AWS_DEFAULT_REGION":              fn.region(),
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": strconv.Itoa(fn.MemoryMB),
		"AWS_LAMBDA_FUNCTION_NAME":        fn.Name,
		"AWS_LAMBDA_FUNCTION_VERSION":     "$LATEST",
		"AWS_LAMBDA_INITIALIZATION_TYPE":  "on-demand",
		"AWS_LAMBDA_LOG_GROUP_NAME":       "/aws/lambda/" + fn.Name,
		"AWS_LAMBDA_LOG_STREAM_NAME":      "local/[$LATEST]" + strings.ReplaceAll(address, ":", "-"),
		"AWS_REGION":                      fn.region(),
		"LAMBDA_TASK_ROOT":                filepath.Dir(fn.Bootstrap),
		"TZ":                              ":UTC",
		"_HANDLER":                        filepath.Base(fn.Bootstrap),
	}
	for name, value := range fn.Environment {
		all[name] = value
	}
	all["AWS_LAMBDA_RUNTIME_API"] = address + "/" + string(secret)
	return all
}
