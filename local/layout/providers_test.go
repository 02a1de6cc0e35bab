package layout

import (
	"path/filepath"
	"regexp"
	"testing"
)

var providerBlock = regexp.MustCompile(`(?m)^provider "`)

// Terraform refuses count, for_each, depends_on and providers for a module that has a provider block.
func TestModulesHaveNoProviderBlock(t *testing.T) {
	t.Parallel()
	var files []string
	for _, pattern := range []string{"*.tf", "modules/*/*.tf"} {
		found, err := filepath.Glob(filepath.Join(root, "terraform", filepath.FromSlash(pattern)))
		if err != nil || len(found) < 3 {
			t.Fatalf("%s: %d files, error %v", pattern, len(found), err)
		}
		files = append(files, found...)
	}
	for _, file := range files {
		if providerBlock.MatchString(readFile(t, file)) {
			t.Errorf("%s has a provider block: a module takes its caller's", file)
		}
	}
}
