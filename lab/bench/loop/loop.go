// Package loop measures how long a developer waits: from saving an edit of a trigger to the first event that its new
// code answers, against a bare go build of the same function with the same flags; and how long `poolctl run` takes to
// start when there is nothing to compile. It edits copies of the repository.
package loop

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/build"
	"cognito-triggers/local/lambdaruntime/process"
	"cognito-triggers/local/userpool/poolclient"
)

// Options say what to measure and how often.
type Options struct {
	Root     string                // the repository
	Poolctl  string                // path of poolctl
	Edits    int                   // of each copy
	Starts   int                   // of `poolctl run`
	Log      io.Writer             // its output
	Progress func(done, total int) // called after each edit; may be nil
}

// The edited function, the file and the line that edits change.
const (
	function = "pre-sign-up"
	edited   = "triggers/" + function + "/handler.go"
	anchor   = "\tapplicant := signup.Applicant{\n"
)

const (
	startLimit  = 5 * time.Minute // of the first start, which compiles
	startPoll   = 2 * time.Millisecond
	stopLimit   = 10 * time.Second // between SIGTERM and SIGKILL
	answerLimit = time.Minute      // until new code answers
)

// bench is one run.
type bench struct {
	Options
	watched, bare string // copies of the repository
	handler       string // the edited file's text
}

// Run measures. An edit whose code never answers is an error.
func Run(ctx context.Context, o Options) (report Report, err error) {
	base := filepath.Join(o.Root, "build", "bench")
	if err := os.MkdirAll(base, 0o755); err != nil {
		return report, err
	}
	scratch, err := os.MkdirTemp(base, ".loop-")
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	b := &bench{Options: o, watched: filepath.Join(scratch, "watched"), bare: filepath.Join(scratch, "bare")}
	for _, to := range []string{b.watched, b.bare} {
		if err := copyTree(o.Root, to); err != nil {
			return report, fmt.Errorf("copy the repository: %w", err)
		}
	}
	text, err := os.ReadFile(filepath.Join(o.Root, filepath.FromSlash(edited)))
	if err != nil {
		return report, err
	}
	if b.handler = string(text); strings.Count(b.handler, anchor) != 1 {
		return report, fmt.Errorf("%s does not have the line %q once, which the edits change", edited, anchor)
	}
	if err := b.edits(ctx, &report); err != nil {
		return report, err
	}
	return report, b.starts(ctx, &report)
}

// edits edits the two copies in turn, every other time in the other order.
func (b *bench) edits(ctx context.Context, report *Report) error {
	s, _, err := b.start(ctx)
	if err != nil {
		return err
	}
	defer s.stop()
	for n := range b.Edits + 1 {
		took := [2]time.Duration{}
		for i := range took {
			which := (i + n) % 2
			if which == 0 {
				took[0], err = b.edit(ctx, s, fmt.Sprintf("edit %d", n))
			} else {
				took[1], err = b.build(ctx, fmt.Sprintf("other edit %d", n))
			}
			if err != nil {
				return fmt.Errorf("edit %d: %w", n, err)
			}
		}
		if n == 0 {
			continue // it fills caches
		}
		report.edits, report.builds = append(report.edits, took[0]), append(report.builds, took[1])
		if b.Progress != nil {
			b.Progress(n, b.Edits)
		}
	}
	return nil
}

// save makes the trigger of a copy refuse everybody with a text.
func (b *bench) save(root, text string) error {
	refusal := fmt.Sprintf("\tif e != nil {\n\t\treturn trigger.Reject(%q)\n\t}\n", text)
	changed := strings.Replace(b.handler, anchor, refusal+anchor, 1)
	return os.WriteFile(filepath.Join(root, filepath.FromSlash(edited)), []byte(changed), 0o644)
}

// edit returns the time from saving an edit until an event is answered by the new code.
func (b *bench) edit(ctx context.Context, s *server, text string) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	began := time.Now()
	if err := b.save(b.watched, text); err != nil {
		return 0, err
	}
	for n := 0; ; n++ {
		name := fmt.Sprintf("ines-%d-%d@example.org", began.UnixNano(), n) // old code may accept it
		_, err := s.cognito.SignUp(ctx, &cip.SignUpInput{
			ClientId: aws.String(s.client), Username: aws.String(name), Password: aws.String("Correct-horse-7"),
			UserAttributes: []types.AttributeType{{Name: aws.String("email"), Value: aws.String(name)}},
		})
		switch {
		case err != nil && strings.Contains(err.Error(), " "+text):
			return time.Since(began), nil
		case ctx.Err() != nil:
			return 0, fmt.Errorf("the new code did not answer within %v; the last answer was: %w", answerLimit, err)
		}
	}
}

// build returns the time of a bare go build after an edit.
func (b *bench) build(ctx context.Context, text string) (time.Duration, error) {
	began := time.Now()
	if err := b.save(b.bare, text); err != nil {
		return 0, err
	}
	compiler := build.Compiler{Dir: b.bare, Target: build.Host()}
	f := build.Function{Name: function, Package: "./triggers/" + function}
	err := compiler.CompileTo(ctx, f, filepath.Join(b.bare, "build", "bootstrap"))
	return time.Since(began), err
}

// starts measures starts with nothing to compile.
func (b *bench) starts(ctx context.Context, report *Report) error {
	for range b.Starts {
		s, took, err := b.start(ctx)
		s.stop()
		if err != nil {
			return err
		}
		report.starts = append(report.starts, took)
	}
	return nil
}

// server is a running `poolctl run`.
type server struct {
	process *process.Process
	cognito *cip.Client
	client  string
}

// start starts `poolctl run` in the watched copy and returns how long it took to be usable.
func (b *bench) start(ctx context.Context) (*server, time.Duration, error) {
	out := filepath.Join(b.watched, "build", "bench.json")
	cmd := exec.Command(b.Poolctl, "run", "--play=false", "--port=0", "--out="+out)
	cmd.Dir = b.watched
	began := time.Now()
	p, err := process.Start(cmd, b.Log)
	if err != nil {
		return nil, 0, err
	}
	s := &server{process: p}
	tick := time.NewTicker(startPoll)
	defer tick.Stop()
	limit := time.After(startLimit)
	for {
		select {
		case <-tick.C:
		case <-p.Done():
			return s, 0, fmt.Errorf("poolctl run exited with %s:\n%s", p.State(), strings.Join(p.Tail(), "\n"))
		case <-limit:
			return s, 0, fmt.Errorf("poolctl run was not ready within %v", startLimit)
		case <-ctx.Done():
			return s, 0, ctx.Err()
		}
		text, err := os.ReadFile(out)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		var local struct{ Endpoint, Region, ClientID string }
		if err := errors.Join(err, json.Unmarshal(text, &local)); err != nil {
			return s, 0, err
		}
		took := time.Since(began)
		s.cognito, s.client = poolclient.New(local.Endpoint, local.Region), local.ClientID
		return s, took, nil
	}
}

// stop stops the server and waits for its exit; it accepts nil.
func (s *server) stop() {
	if s == nil {
		return
	}
	s.process.Terminate()
	kill := time.AfterFunc(stopLimit, s.process.Kill)
	defer kill.Stop()
	<-s.process.Done()
}
