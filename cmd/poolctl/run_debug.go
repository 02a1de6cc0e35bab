package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/local/loopback"
)

// debuggerPort is where editors look for a remote debugger of Go by default.
const debuggerPort = 2345

// debugged returns how a function runs for a debugger: under dlv if that is installed.
func (l *codeLoop) debugged(name string) *lambdaruntime.Debug {
	dlv, err := exec.LookPath("dlv")
	if err != nil {
		return &lambdaruntime.Debug{Started: func(pid int) {
			l.tell(fmt.Sprintf("%s runs as process %d, with symbols and without a deadline. Attach a debugger:\n"+
				"  dlv       dlv attach %[2]d\n"+
				"  VS Code   a launch configuration with \"type\": \"go\", \"request\": \"attach\", \"mode\": \"local\", "+
				"\"processId\": %[2]d\n"+
				"  GoLand    Run | Attach to Process | %[2]d", name, pid))
		}}
	}
	address, err := freeAddress(debuggerPort)
	if err != nil {
		l.tell(fmt.Sprintf("%s: no port for dlv: %v", name, err))
		return &lambdaruntime.Debug{}
	}
	_, port, _ := net.SplitHostPort(address)
	return &lambdaruntime.Debug{
		Command: []string{
			dlv, "exec", "--headless", "--listen=" + address, "--api-version=2", "--accept-multiclient", "--continue",
			"--check-go-version=false",
		},
		Started: func(int) {
			l.tell(fmt.Sprintf("%s runs under dlv at %s, with symbols and without a deadline. Connect a debugger:\n"+
				"  dlv       dlv connect %[2]s\n"+
				"  VS Code   a launch configuration with \"type\": \"go\", \"request\": \"attach\", \"mode\": \"remote\", "+
				"\"host\": \"127.0.0.1\", \"port\": %[3]s\n"+
				"  GoLand    a Go Remote configuration, host 127.0.0.1, port %[3]s", name, address, port))
		},
	}
}

// freeAddress returns an address of this machine that nobody listens at, with this port if it is free.
func freeAddress(port int) (string, error) {
	listener, err := net.Listen("tcp", loopbackAt(port))
	if err != nil {
		listener, err = net.Listen("tcp", loopbackAt(0))
	}
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

// attachment is where a process that the user starts finds its events.
type attachment struct {
	listener net.Listener
	secret   loopback.Secret
}

// awaited returns how a function runs whose process the user starts, and prints its environment.
func (l *codeLoop) awaited(f lambdaruntime.Function) *lambdaruntime.Debug {
	file := filepath.Join(l.repo.Build, "attach", f.Name+".env")
	a, err := listenAgain(file)
	if err != nil {
		l.tell(fmt.Sprintf("%s: no address for your process: %v", f.Name, err))
		return &lambdaruntime.Debug{}
	}
	l.mu.Lock()
	l.attached[f.Name] = a
	l.mu.Unlock()
	attached := &lambdaruntime.Attached{Listener: a.listener, Secret: a.secret}
	variables := attached.Variables(f)
	if err := writeWhole(file, []byte(envFile(variables))); err != nil {
		l.tell(fmt.Sprintf("%s: %v", f.Name, err))
	}
	l.tell(fmt.Sprintf("%s waits for a process that you start with the environment in %s; events wait, too. For "+
		"VS Code's launch.json:\n%s", f.Name, file, launchConfiguration(f.Name, l.source(f.Name), file)))
	l.tell("In a shell:\n  (set -a; . " + file + "; exec go run " + l.source(f.Name) + ")")
	return &lambdaruntime.Debug{Attached: attached}
}

// source returns a function's package as the go command takes it in the repository.
func (l *codeLoop) source(name string) string {
	for _, room := range []string{l.repo.Triggers, l.repo.API} {
		if _, err := os.Stat(filepath.Join(room, name)); err == nil {
			return "./" + l.repo.Relative(filepath.Join(room, name))
		}
	}
	return "./..."
}

// listenAgain listens where the earlier run did whose environment is in file, so that a launch configuration stays
// valid, or at a new address.
func listenAgain(file string) (*attachment, error) {
	text, _ := os.ReadFile(file) // missing at the first run
	for line := range strings.Lines(string(text)) {
		api, found := strings.CutPrefix(strings.TrimSpace(line), "AWS_LAMBDA_RUNTIME_API=")
		address, secret, _ := strings.Cut(strings.Trim(api, `'"`), "/")
		if host, _, err := net.SplitHostPort(address); !found || err != nil || host != "127.0.0.1" || len(secret) < 26 {
			continue
		}
		if listener, err := net.Listen("tcp", address); err == nil {
			return &attachment{listener, loopback.Secret(secret)}, nil
		}
	}
	listener, err := net.Listen("tcp", loopbackAt(0))
	if err != nil {
		return nil, errors.New("no free port")
	}
	return &attachment{listener, loopback.NewSecret()}, nil
}

// envFile returns variables in the form that VS Code, GoLand and shells read.
func envFile(variables map[string]string) string {
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		value := variables[name]
		if strings.ContainsAny(value, " \t\n\"'$`\\#&|;<>()*?[]~!{}") {
			value = "'" + strings.ReplaceAll(value, "'", `'\''`) + "'"
		}
		text.WriteString(name + "=" + value + "\n")
	}
	return text.String()
}

func launchConfiguration(name, source, file string) string {
	text, err := json.MarshalIndent(map[string]any{
		"name": name, "type": "go", "request": "launch", "mode": "debug",
		"program": "${workspaceFolder}/" + strings.TrimPrefix(source, "./"), "envFile": file,
		"buildFlags": "-tags=lambda.norpc",
	}, "  ", "  ")
	if err != nil {
		return "" // texts always marshal
	}
	return "  " + string(text)
}
