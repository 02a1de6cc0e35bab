package cognito

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// terraform returns the block in braces, brackets or parentheses that follows a text in a Terraform file.
func terraform(t *testing.T, file, after string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "terraform", "modules", filepath.FromSlash(file)))
	if err != nil {
		t.Fatal(err)
	}
	_, block, found := strings.Cut(string(text), after)
	if !found {
		t.Fatalf("%s has no %q", file, after)
	}
	depth := 0
	for i, r := range block {
		switch r {
		case '{', '[', '(':
			depth++
		case '}', ']', ')':
			if depth--; depth == 0 {
				return block[:i]
			}
		}
	}
	t.Fatalf("%s: what follows %q does not end", file, after)
	return ""
}

var (
	listEntry  = regexp.MustCompile(`(\w+)\s*=\s*\[([^\]]*)\]`)
	quoted     = regexp.MustCompile(`"([^"]*)"`)
	typedEntry = regexp.MustCompile(
		`(\w+)\s*=\s*optional\((string|object\(\{ lambda_arn = string, lambda_version = string \}\))\)`)
)

func texts(list string) []string {
	all := []string{}
	for _, found := range quoted.FindAllStringSubmatch(list, -1) {
		all = append(all, found[1])
	}
	return all
}

// lists reads entries such as name = ["a", "b"].
func lists(block string) map[Hook][]string {
	all := map[Hook][]string{}
	for _, found := range listEntry.FindAllStringSubmatch(block, -1) {
		all[Hook(found[1])] = texts(found[2])
	}
	return all
}

func TestTerraformsVersions(t *testing.T) {
	t.Parallel()
	got := lists(terraform(t, "function/manifest.tf", "hook_versions ="))
	if len(got) != len(Hooks()) {
		t.Errorf("Terraform has %d hooks, want %d", len(got), len(Hooks()))
	}
	for _, hook := range Hooks() {
		if versions, there := got[hook]; !there || !slices.Equal(versions, hook.Versions()) {
			t.Errorf("%s: Terraform has the versions %q (there: %v), want %q", hook, versions, there, hook.Versions())
		}
	}
}

// The metrics of hooks that no user waits for are left out.
func TestTerraformsSources(t *testing.T) {
	t.Parallel()
	got := lists(terraform(t, "observability/events.tf", "sources ="))
	for _, hook := range Hooks() {
		want := hook.Sources()
		if hook.Contract().Asynchronous {
			want = nil
		}
		if !slices.Equal(got[hook], want) {
			t.Errorf("%s: Terraform has the sources %q, want %q", hook, got[hook], want)
		}
		delete(got, hook)
	}
	for hook := range got {
		t.Errorf("Terraform has the hook %s", hook)
	}
}

func TestTerraformsSenders(t *testing.T) {
	t.Parallel()
	var want []string
	for _, hook := range Hooks() {
		if hook.Contract().Asynchronous {
			want = append(want, string(hook))
		}
	}
	if got := texts(terraform(t, "triggers/main.tf", "sender_hooks =")); !slices.Equal(got, want) {
		t.Errorf("Terraform has the senders %q, want %q", got, want)
	}
}

func TestTerraformsLambdaConfig(t *testing.T) {
	t.Parallel()
	want := map[string]bool{plainName(KeyMember): false} // whether it holds a version
	for _, hook := range Hooks() {
		contract := hook.Contract()
		want[plainName(contract.Member)] = contract.Versioned
		if contract.PlainMember != "" {
			want[plainName(contract.PlainMember)] = false
		}
	}
	for _, found := range typedEntry.FindAllStringSubmatch(terraform(t, "user-pool/variables.tf",
		`variable "lambda_config"`), -1) {
		versioned, there := want[plainName(found[1])]
		if !there || versioned != (found[2] != "string") {
			t.Errorf("Terraform has %s as %s; in the contract: %v, versioned: %v", found[1], found[2], there, versioned)
		}
		delete(want, plainName(found[1]))
	}
	for name := range want {
		t.Errorf("Terraform's lambda_config lacks %s", name)
	}
}

// plainName gives custom_sms_sender and CustomSMSSender the same name.
func plainName(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }

var inBackticks = regexp.MustCompile("`([A-Za-z]+_[A-Za-z]+)`")

// TestDocumentedSources checks that no page names a trigger source that Cognito does not have, and that the page of a
// trigger names every source of its hook.
func TestDocumentedSources(t *testing.T) {
	t.Parallel()
	root, pages := filepath.Join("..", ".."), 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		name := entry.Name()
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != root && (strings.HasPrefix(name, ".") ||
			slices.Contains([]string{"build", "node_modules"}, name)):
			return fs.SkipDir
		case entry.IsDir(), filepath.Ext(name) != ".md":
			return nil
		}
		pages++
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, found := range inBackticks.FindAllStringSubmatch(string(text), -1) {
			if hook := HookOf(found[1]); hook != "" && !slices.Contains(hook.Sources(), found[1]) {
				t.Errorf("%s names %s, which is not a source of %s", path, found[1], hook)
			}
		}
		for _, source := range hookOfDirectory(t, filepath.Dir(path)).Sources() {
			if name == "README.md" && !strings.Contains(string(text), source) {
				t.Errorf("%s does not say what happens at %s", path, source)
			}
		}
		return nil
	})
	if err != nil || pages < 10 {
		t.Fatalf("%d pages, error %v", pages, err)
	}
}

// hookOfDirectory returns the hook in a function's manifest, or "".
func hookOfDirectory(t *testing.T, dir string) Hook {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "function.json"))
	if err != nil {
		return ""
	}
	var function struct{ Hook Hook }
	if err := json.Unmarshal(text, &function); err != nil {
		t.Fatal(err)
	}
	return function.Hook
}
