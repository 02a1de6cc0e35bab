package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"cognito-triggers/local/stack"
	"cognito-triggers/shared/golden"
	"cognito-triggers/shared/manifest"
)

// program answers events over the Runtime API; event is the one that it is measured with.
type program struct {
	name     string
	command  []string // absolute path and arguments
	dir      string
	settings map[string]string
	files    []string // deployed files, which evict drops from the page cache
	zip      int64    // bytes; 0 for none
	event    []byte
	check    func(golden.Outcome) error // returns an error for a wrong answer
}

// environment returns the variables that Lambda sets and the programs read. The AWS endpoint is the Runtime API's own
// address, which refuses and counts such calls.
func (p program) environment(address string) []string {
	env := []string{
		"AWS_LAMBDA_RUNTIME_API=" + address,
		"AWS_ENDPOINT_URL=http://" + address,
		"AWS_LAMBDA_FUNCTION_NAME=" + p.name,
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE=128",
		"AWS_REGION=eu-west-1",
		"AWS_DEFAULT_REGION=eu-west-1",
		"AWS_ACCESS_KEY_ID=local",
		"AWS_SECRET_ACCESS_KEY=local",
		"AWS_SESSION_TOKEN=local",
		"LANG=C.UTF-8",
		"TZ=:UTC",
	}
	for name, value := range p.settings {
		env = append(env, name+"="+value)
	}
	return env
}

// evict drops the program's files from the page cache.
func (p program) evict() error {
	for _, file := range p.files {
		if err := evict(file); err != nil {
			return err
		}
	}
	return nil
}

// outcomeOf reads what a process posted to /response or /error.
func outcomeOf(body []byte, failed bool, path string) golden.Outcome {
	segments := strings.Split(path, "/")
	outcome := golden.Outcome{Answer: body, RequestID: segments[len(segments)-2]}
	if failed {
		var report struct{ ErrorMessage string }
		_ = json.Unmarshal(body, &report) // both aws-lambda-go and awslambdaric post this form
		outcome = golden.Outcome{Error: report.ErrorMessage, RequestID: outcome.RequestID}
	}
	return outcome
}

// triggerProgram copies a trigger's binary, so that no other process has it open, and prepares it for its case.
func triggerProgram(root, scratch string, function manifest.Function, c golden.Case) (program, error) {
	bootstrap := stack.Bootstrap(filepath.Join(root, "build"), function.Name)
	p, err := binaryProgram(function.Name, bootstrap, scratch)
	if err != nil {
		return p, fmt.Errorf("%s: %w; make bench builds it", function.Name, err)
	}
	p.event, p.check = c.Event, c.Check
	p.settings = function.EnvironmentWith(c.Config.Environment)
	return p, nil
}

// echoProgram is the bare function. It must return its event byte for byte.
func echoProgram(root, scratch string, event []byte) (program, error) {
	p, err := binaryProgram("echo", filepath.Join(root, "build", "bench", "echo", "bootstrap"), scratch)
	if err != nil {
		return p, fmt.Errorf("the bare function: %w; make bench builds it", err)
	}
	p.event, p.check = event, golden.Case{Event: compact(event), Want: golden.Want{Answer: "unchanged"}}.Check
	return p, nil
}

func binaryProgram(name, bootstrap, scratch string) (program, error) {
	dir := filepath.Join(scratch, name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return program{}, err
	}
	binary := filepath.Join(dir, "bootstrap")
	p := program{name: name, command: []string{binary}, dir: dir, files: []string{binary}}
	if info, err := os.Stat(filepath.Dir(bootstrap) + ".zip"); err == nil {
		p.zip = info.Size()
	}
	return p, copyFile(bootstrap, binary)
}

func copyFile(from, to string) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o755)
	if err != nil {
		return err
	}
	if _, err := io.Copy(target, source); err != nil {
		_ = target.Close()
		return err
	}
	return target.Close()
}

// compact formats JSON as aws-lambda-go does.
func compact(text []byte) []byte {
	var out bytes.Buffer
	if json.Compact(&out, text) != nil {
		return text
	}
	return out.Bytes()
}
