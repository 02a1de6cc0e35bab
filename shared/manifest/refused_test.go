package manifest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// refusedRuns are the wrong manifests that Terraform refuses, with the words that it refuses them with.
const refusedRuns = "../../terraform/modules/function/tests/refused/manifests.tftest.hcl"

// Every manifest in testdata/refused is refused here with the words that Terraform has for it, and for nothing else.
// `make tf-test` runs the same file.
func TestRefusesWhatTerraformRefuses(t *testing.T) {
	text, err := os.ReadFile(refusedRuns)
	if err != nil {
		t.Fatal(err)
	}
	file := regexp.MustCompile(`testdata/refused/([a-z-]+\.json)"`)
	message := regexp.MustCompile(`(?m)^\s*# message: (.+)$`)
	seen := map[string]bool{}
	for _, run := range strings.Split(string(text), "\nrun ")[1:] {
		name := file.FindStringSubmatch(run)
		if name == nil {
			t.Fatalf("a run without a manifest of testdata/refused:\n%s", run)
		}
		seen[name[1]] = true
		t.Run(name[1], func(t *testing.T) {
			_, err := Read(filepath.Join("testdata", "refused", name[1]))
			if err == nil {
				t.Fatal("accepted")
			}
			messages := message.FindAllStringSubmatch(run, -1)
			for _, one := range messages {
				if !strings.Contains(err.Error(), one[1]) {
					t.Errorf("Terraform says %q, and this %v", one[1], err)
				}
			}
			if problems := strings.Count(err.Error(), "\n") + 1; problems != len(messages) {
				t.Errorf("%d problems, and Terraform has %d:\n%v", problems, len(messages), err)
			}
		})
	}
	files, err := filepath.Glob("testdata/refused/*.json")
	if err != nil || len(files) != len(seen) {
		t.Errorf("%d manifests, %d in %s (%v)", len(files), len(seen), refusedRuns, err)
	}
}
