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
	// A case is its messages, and then its manifest. A long message goes on in a comment with three spaces.
	goesOn := regexp.MustCompile(`\n *#   (\S)`)
	one := regexp.MustCompile(`((?: *# message: .+\n)+) *\w+ += \{ manifest = ".*testdata/refused/([a-z-]+\.json)"`)
	message := regexp.MustCompile(`(?m)^\s*# message: (.+)$`)
	seen := map[string]bool{}
	for _, match := range one.FindAllStringSubmatch(goesOn.ReplaceAllString(string(text), " $1"), -1) {
		seen[match[2]] = true
		t.Run(match[2], func(t *testing.T) {
			_, err := Read(filepath.Join("testdata", "refused", match[2]))
			if err == nil {
				t.Fatal("accepted")
			}
			messages := message.FindAllStringSubmatch(match[1], -1)
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
