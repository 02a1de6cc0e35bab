package command

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cognito-triggers/local/hint"
	"cognito-triggers/shared/repository"
)

// runMake runs make in the repository and returns its output.
func runMake(t *testing.T, args ...string) string {
	t.Helper()
	out, err := tryMake(t, nil, args...)
	if err != nil {
		t.Fatalf("make %q: %v\n%s", args, err, out)
	}
	return out
}

func tryMake(t *testing.T, environment []string, args ...string) (string, error) {
	t.Helper()
	root, err := repository.Root()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "make", args...)
	cmd.Dir = root
	cmd.Env = append(withoutMake(os.Environ()), environment...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

var target = regexp.MustCompile(`(?m)^\.PHONY: ([a-z-]+)$`)

func TestHelpListsEveryTarget(t *testing.T) {
	t.Parallel()
	root, err := repository.Root()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	targets := target.FindAllSubmatch(text, -1)
	if len(targets) < 20 {
		t.Fatalf("found %d targets, want at least 20", len(targets))
	}
	help := runMake(t, "help")
	for _, match := range targets {
		if !regexp.MustCompile(`(?m)^  ` + string(match[1]) + ` +\S`).MatchString(help) {
			t.Errorf("make help does not list %s", match[1])
		}
	}
	headings := []string{"\nUse\n", "\nDevelop\n", "\nTerraform\n", "\nMeasure\n"}
	for i, heading := range headings {
		if at := strings.Index(help, heading); at < 0 || i > 0 && at < strings.Index(help, headings[i-1]) {
			t.Errorf("the heading %q is missing or out of order in\n%s", strings.TrimSpace(heading), help)
		}
	}
}

func TestNewTriggerGetsItsNamesAsTyped(t *testing.T) {
	t.Parallel()
	trace := filepath.Join(t.TempDir(), "ran")
	printer := filepath.Join(t.TempDir(), "poolctl")
	if err := os.WriteFile(printer, []byte("#!/bin/sh\nprintf '<%s>' \"$@\"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ name, hook string }{
		"plain":           {name: "audit", hook: "post_authentication"},
		"backquotes":      {name: "`touch " + trace + "`", hook: "`touch " + trace + "`"},
		"make's function": {name: "$(shell touch " + trace + ")", hook: "$(shell touch " + trace + ")"},
		"shell's own":     {name: "$(touch " + trace + ")", hook: "$HOME"},
		"quotes":          {name: `a"; touch ` + trace + `; "`, hook: "it's"},
		"nothing":         {},
	} {
		t.Run(name, func(t *testing.T) {
			out := runMake(t, "-o", printer, "new-trigger", "POOLCTL="+printer, "NAME="+c.name, "HOOK="+c.hook)
			if want := fmt.Sprintf("<new-trigger><--name><%s><--hook><%s>", c.name, c.hook); out != want {
				t.Errorf("poolctl got %s, want %s", out, want)
			}
			if _, err := os.Stat(trace); err == nil {
				t.Error("a shell evaluated the name")
			}
		})
	}
}

// Packing takes longer than compiling, so only what uploads or measures zips packs them.
func TestLocalRunsPackNoZips(t *testing.T) {
	t.Parallel()
	printer := filepath.Join(t.TempDir(), "poolctl")
	if err := os.WriteFile(printer, []byte("#!/bin/sh\nprintf '<%s>' \"$@\"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	for target, want := range map[string]bool{
		"build-local": false, "run": false, "replay": false, "preview": false, "build-zips": true, "deploy-local": true,
	} {
		out := runMake(t, "-o", printer, target, "POOLCTL="+printer)
		if got := strings.Contains(out, "<--zips>"); got != want {
			t.Errorf("make %s packs zips: %v, want %v\n%s", target, got, want, out)
		}
	}
}

// Messages name make's targets if make called poolctl, and only then.
func TestPoolctlKnowsThatMakeCallsIt(t *testing.T) {
	t.Parallel()
	printer := filepath.Join(t.TempDir(), "poolctl")
	if err := os.WriteFile(printer, []byte("#!/bin/sh\nprintf '<%s>' \"${"+hint.ByMake+":-}\"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{"run", "new-trigger", "replay", "preview", "build", "build-local", "deploy-local"} {
		if out := runMake(t, "-o", printer, target, "POOLCTL="+printer); !strings.Contains(out, "<1>") ||
			strings.Contains(out, "<>") {
			t.Errorf("make %s does not say so: %s", target, out)
		}
	}
}

// Whatever a value has in it, a recipe passes it on, or refuses it, and runs nothing of it.
func TestRecipesTakeValuesAsTyped(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		target, variable string
		want             string // in the output; %s stands for the value
	}{
		"port":           {target: "run", variable: "PORT", want: "<run><--port><%s>"},
		"port of API":    {target: "run", variable: "API_PORT", want: "<run><--api-port><%s>"},
		"attempts":       {target: "run", variable: "ATTEMPTS", want: "<run><--attempts><%s>"},
		"once":           {target: "run", variable: "ONCE", want: "<run><--once>"},
		"play":           {target: "run", variable: "PLAY", want: "<run><--play=%s>"},
		"state":          {target: "run", variable: "STATE", want: "<run><--state><%s>"},
		"seed":           {target: "run", variable: "SEED", want: "<run><--seed><%s>"},
		"state to reset": {target: "reset", variable: "STATE", want: "<reset><--state><%s>"},
		"name":           {target: "new-trigger", variable: "NAME", want: "<--name><%s>"},
		"hook":           {target: "new-trigger", variable: "HOOK", want: "<--hook><%s>"},
		"example":        {target: "deploy-local", variable: "EXAMPLE", want: "<deploy-local><--example><%s>"},
		"architecture":   {target: "build", variable: "ARCH", want: "ARCH must be arm64 or amd64"},
		"deployed":       {target: "deploy", variable: "ARCH", want: "ARCH must be arm64 or amd64"},
		"settings":       {target: "deploy", variable: "VAR_FILE", want: "deploy: there is no file"},
		"code":           {target: "deploy", variable: "CODE", want: "deploy: there is no file %s:"},
		"bench":          {target: "bench", variable: "BENCH"},
		"bench of pool":  {target: "bench-pool", variable: "BENCH"},
		"bench of API":   {target: "bench-api", variable: "BENCH"},
		"soak":           {target: "soak", variable: "SOAK"},
		"time of a fuzz": {target: "fuzz", variable: "FUZZTIME"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			programs := map[string]string{}
			for _, program := range []string{"poolctl", "lab", "go", "terraform"} {
				programs[program] = filepath.Join(dir, program)
				if err := os.WriteFile(programs[program], []byte("#!/bin/sh\nprintf '<%s>' \"$@\"\n"), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			trace := filepath.Join(dir, "ran")
			for _, value := range []string{
				"`touch " + trace + "`", "$(shell touch " + trace + ")", "$(touch " + trace + ")",
				"x; touch " + trace, `"; touch ` + trace + `; "`, "x & touch " + trace, "x\ttouch " + trace,
			} {
				args := []string{c.target, c.variable + "=" + value, "POOLCTL=" + programs["poolctl"], "LAB=" + programs["lab"],
					"-o", "build-local", "-o", "build-zips", "-o", programs["poolctl"], "-o", programs["lab"]}
				out, _ := tryMake(t, []string{"PATH=" + dir + ":" + os.Getenv("PATH")}, args...) // some stop at the programs above
				if want := strings.ReplaceAll(c.want, "%s", value); !strings.Contains(out, want) {
					t.Errorf("%s=%s: no %s in\n%s", c.variable, value, want, out)
				}
				if _, err := os.Stat(trace); err == nil {
					t.Fatalf("%s=%s: it ran", c.variable, value)
				}
			}
		})
	}
}

// The plan that is applied is the one that was shown, with the settings in their order; without a yes nothing is.
func TestDeployAppliesItsPlan(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	program := "#!/bin/sh\nprintf '<%s>' \"$@\"; echo\n[ \"$2\" != plan ] || exit \"$PLANNED\"\n"
	if err := os.WriteFile(filepath.Join(dir, "terraform"), []byte(program), 0o755); err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, name := range []string{"a.tfvars", "b.tfvars", "code.json"} {
		files = append(files, filepath.Join(dir, name))
		if err := os.WriteFile(files[len(files)-1], nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	both := "<-var-file=" + files[0] + "><-var-file=" + files[1] + ">"
	const changes, none = "PLANNED=2", "PLANNED=0"
	for name, c := range map[string]struct {
		args          []string
		answer, plans string
		settings      string // in the plan's arguments
		applied, ok   bool
	}{
		"zips": {
			args: []string{"ARCH=amd64", "VAR_FILE=" + files[0] + " " + files[1]}, answer: "yes", plans: changes,
			settings: "<-var><architecture=x86_64>" + both, applied: true, ok: true,
		},
		"code in S3": {
			args: []string{"VAR_FILE=" + files[0] + " " + files[1], "CODE=" + files[2]}, answer: "yes", plans: changes,
			settings: both + "<-var-file=" + files[2] + ">", applied: true, ok: true,
		},
		"no answer":       {answer: "y", plans: changes, settings: "<architecture=arm64>"},
		"nothing changes": {plans: none, settings: "<architecture=arm64>", ok: true},
		"no plan":         {answer: "yes", plans: "PLANNED=1", settings: "<architecture=arm64>"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root, err := repository.Root()
			if err != nil {
				t.Fatal(err)
			}
			cmd := exec.CommandContext(t.Context(), "make", append([]string{"-o", "build", "deploy"}, c.args...)...)
			cmd.Dir, cmd.Stdin = root, strings.NewReader(c.answer+"\n")
			cmd.Env = append(withoutMake(os.Environ()), "PATH="+dir+":"+os.Getenv("PATH"), c.plans)
			text, err := cmd.CombinedOutput()
			out := string(text)
			planned := regexp.MustCompile(`<plan><-detailed-exitcode><-out=([^>]+)>(.*)`).FindStringSubmatch(out)
			if (err == nil) != c.ok || planned == nil || !strings.HasSuffix(planned[2], c.settings) {
				t.Fatalf("error %v\n%s", err, out)
			}
			got := strings.Contains(out, "<apply><"+planned[1]+">")
			if got != c.applied || strings.Contains(out, "<apply>") != got {
				t.Errorf("applied %t, want %t\n%s", got, c.applied, out)
			}
			if _, err := os.Stat(planned[1]); err == nil {
				t.Errorf("%s is still there", planned[1])
			}
		})
	}
}

// withoutMake leaves out what a make that runs these tests hands down: its own variables and the user's.
func withoutMake(environment []string) []string {
	return slices.DeleteFunc(environment, func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return slices.Contains([]string{
			"MAKEFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "MFLAGS", "NAME", "HOOK", "PORT", "API_PORT", "ATTEMPTS", "ONCE",
			"EXAMPLE", "ARCH", "CODE", "VAR_FILE", "BENCH", "SOAK", "FUZZTIME", "PLAY", "STATE", "SEED",
		}, name)
	})
}
