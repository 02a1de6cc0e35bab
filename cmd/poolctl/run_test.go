package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cognito-triggers/cmd/internal/command"
)

func TestRunMakesTheFolderOfOut(t *testing.T) {
	out := filepath.Join(t.TempDir(), "not", "yet", "local.json")
	got := poolctl(t, local.Root, "", "run", "--once", "--play=false", "--port", "0", "--out", out)
	got.wants(t, 0, "The user pool is at", "")
	if _, err := os.Stat(out + ".log"); err != nil {
		t.Error(err)
	}
}

func TestAddressesAreTheUsersOwn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "local.json")
	if err := writeWhole(path, []byte("{}")); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v: others can read the emulator's secret", info.Mode(), err)
	}
}

// Of two runs that write the same file, the one that ends first leaves the other's addresses in place.
func TestRunRemovesItsOwnAddresses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "local.json")
	for name, c := range map[string]struct{ found, left string }{
		"own":       {found: "own"},
		"another's": {found: "another's", left: "another's"},
		"none":      {},
	} {
		t.Run(name, func(t *testing.T) {
			if c.found != "" {
				if err := os.WriteFile(path, []byte(c.found), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if err := removeOwn(path, []byte("own")); err != nil {
				t.Error(err)
			}
			if left, _ := os.ReadFile(path); string(left) != c.left {
				t.Errorf("left is %q, want %q", left, c.left)
			}
			_ = os.Remove(path) // it may not exist
		})
	}
}

func TestRunRefusesNoAttempts(t *testing.T) {
	got := poolctl(t, local.Root, "", "run", "--once", "--attempts", "0")
	got.wants(t, 1, "", "--attempts is 0; use 1 or more")
}

func TestInterrupted(t *testing.T) {
	broken := errors.New("broken")
	if err := interrupted(t.Context(), broken); err != broken {
		t.Errorf("error %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := interrupted(ctx, nil); err != nil {
		t.Errorf("error %v", err)
	}
	if err := interrupted(ctx, broken); err == nil || err == broken {
		t.Errorf("error %v", err)
	}
}

func TestLogsAreBegunAnew(t *testing.T) {
	path := filepath.Join(t.TempDir(), "logs", "run.log")
	earlier, err := command.CreateLog(path)
	if err != nil {
		t.Fatal(err)
	}
	defer earlier.Close()
	write := func(f *os.File, text string) {
		if _, err := f.WriteString(text); err != nil {
			t.Fatal(err)
		}
	}
	write(earlier, "a long line of the earlier run\n")
	later, err := command.CreateLog(path)
	if err != nil {
		t.Fatal(err)
	}
	defer later.Close()
	write(later, "later\n")
	write(earlier, "earlier\n")
	if text, err := os.ReadFile(path); err != nil || string(text) != "later\nearlier\n" {
		t.Errorf("the log is %q, error %v", text, err)
	}
}

func TestWriteWholeLeavesNothingBehind(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "local.json")
	if err := os.Mkdir(path, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := writeWhole(path, []byte("{}")); err == nil {
		t.Error("a folder was overwritten")
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("left: %v, error %v", left, err)
	}
}

func TestHints(t *testing.T) {
	a := addresses{Endpoint: "http://127.0.0.1:1", Region: "eu-west-1", UserPoolID: "eu-west-1_A", ClientID: "c"}
	if text := hints(a, "local.json"); strings.Contains(text, "HTTP API") || strings.Contains(text, "@HTTP@") {
		t.Errorf("hints about an API that does not exist:\n%s", text)
	}
	if text := hints(a, "local.json"); !strings.Contains(text, "--endpoint-url http://127.0.0.1:1 --no-sign-request\n") {
		t.Errorf("the AWS CLI's line needs credentials:\n%s", text)
	}
	if text := hints(a, "local.json"); !strings.Contains(text, "with: poolctl inbox\n") ||
		!strings.Contains(text, "with: poolctl events --follow\n") {
		t.Errorf("the commands are not named as this one was called:\n%s", text)
	}
	a.APIEndpoint = "http://127.0.0.1:2"
	if text := hints(a, "local.json"); !strings.Contains(text, "curl http://127.0.0.1:2/auth/sign-up") {
		t.Errorf("the HTTP API is not in\n%s", text)
	}
	a.AWSEndpoint, a.ProfileTable = "http://127.0.0.1:3/SECRET", "profiles"
	const scan = "aws dynamodb scan --table-name profiles --region eu-west-1 --endpoint-url http://127.0.0.1:3/SECRET " +
		"--no-sign-request\n"
	if text := hints(a, "local.json"); !strings.Contains(text, scan) {
		t.Errorf("the emulator's endpoint with its secret is not in\n%s", text)
	}
}
