package clients

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"cognito-triggers/local/lambdaruntime/process"
)

// startTime bounds poolctl's start, including the first installation of the emulator.
const startTime = 5 * time.Minute

// stopTime bounds poolctl's shutdown.
const stopTime = 20 * time.Second

// sharedPools are the user pools of scripts that begin with `pool`, one per form of issuer. Since a start takes
// seconds, a pool starts with the first script that needs it and stops at the end of the test.
type sharedPools struct{ local, aws sharedPool }

// use implements the script command `pool`.
func (s *sharedPools) use(ts *testscript.TestScript, neg bool, args []string) {
	p := &s.local
	switch {
	case neg || len(args) > 1 || len(args) == 1 && args[0] != "--issuer=aws":
		ts.Fatalf("usage: pool [--issuer=aws]")
	case len(args) == 1:
		p = &s.aws
	}
	p.once.Do(func() { p.file, p.err = p.start(args) })
	ts.Check(p.err)
	text, err := os.ReadFile(p.file)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs("local.json"), text, 0o644))
	ts.Check(pointAt(ts, text))
}

type sharedPool struct {
	t    *testing.T
	root string

	once sync.Once
	file string // local.json
	err  error
}

func (p *sharedPool) start(flags []string) (string, error) {
	file := filepath.Join(p.t.TempDir(), "local.json")
	flags = append([]string{"run", "--play=false", "--port=0", "--out=" + file}, flags...)
	cmd := exec.Command(filepath.Join(p.root, "build", "poolctl"), flags...)
	cmd.Dir = p.root
	running, err := process.Start(cmd, nil)
	if err != nil {
		return "", err
	}
	p.t.Cleanup(func() {
		running.Terminate()
		select {
		case <-running.Done():
			if state := running.State(); !state.Success() {
				p.t.Errorf("poolctl run exited with %s:\n%s", state, strings.Join(running.Tail(), "\n"))
			}
		case <-time.After(stopTime):
			running.Kill()
			<-running.Done()
			p.t.Errorf("poolctl run did not exit within %s of SIGTERM:\n%s", stopTime, strings.Join(running.Tail(), "\n"))
		}
	})
	err = wait(file, func() error {
		if state := running.State(); state != nil {
			return fmt.Errorf("poolctl run exited with %s:\n%s", state, strings.Join(running.Tail(), "\n"))
		}
		return nil
	})
	return file, err
}

// await implements the script command `await local.json`: it waits for the file that `poolctl run` writes when
// everything is up, and points the clients at the pool.
func await(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: await FILE")
	}
	file := ts.MkAbs(args[0])
	ts.Check(wait(file, func() error {
		for _, cmd := range ts.BackgroundCmds() {
			if errors.Is(cmd.Process.Signal(nothing), os.ErrProcessDone) {
				return fmt.Errorf("%s has exited", strings.Join(cmd.Args, " "))
			}
		}
		return nil
	}))
	text, err := os.ReadFile(file)
	ts.Check(err)
	ts.Check(pointAt(ts, text))
}

// wait waits for a file while alive returns nil.
func wait(file string, mayCome func() error) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.Now().Add(startTime)
	for {
		if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err := mayCome(); err != nil {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%s did not appear within %s", filepath.Base(file), startTime)
		}
		<-tick.C
	}
}

// pointAt sets the variables by which boto3 and the AWS CLI find the pool, and those that the scripts use.
func pointAt(ts *testscript.TestScript, text []byte) error {
	var local struct {
		Endpoint, Region, UserPoolID, ClientID, Issuer, AWSEndpoint, ProfileTable, IdentityPoolEndpoint string
	}
	if err := json.Unmarshal(text, &local); err != nil {
		return fmt.Errorf("local.json: %w", err)
	}
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": local.Endpoint, "AWS_DEFAULT_REGION": local.Region,
		"ENDPOINT": local.Endpoint, "USER_POOL_ID": local.UserPoolID, "CLIENT_ID": local.ClientID, "ISSUER": local.Issuer,
		"AWS_ENDPOINT_URL_COGNITO_IDENTITY": local.IdentityPoolEndpoint,
		"PROFILE_TABLE":                     local.ProfileTable, "AWS_ENDPOINT_URL": local.AWSEndpoint,
	} {
		if value == "" {
			return fmt.Errorf("local.json has no value for %s", name)
		}
		ts.Setenv(name, value)
	}
	return nil
}
