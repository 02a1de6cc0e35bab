package layout

import (
	"slices"
	"strings"
	"testing"

	"cognito-triggers/local/gotool"
)

// heavy are packages that take long to compile, by what makes do without them in poolctl: everybody who tries the
// toolkit compiles poolctl from empty caches first.
var heavy = map[string]string{
	"github.com/aws/aws-encryption-sdk/":                           "cmd/codesealer links it",
	"github.com/aws/aws-cryptographic-material-providers-library/": "cmd/codesealer links it",
	"github.com/dafny-lang/":                                       "cmd/codesealer links it",
	"github.com/aws/aws-sdk-go-v2/service/kms":                     "shared/awsjson makes a key",
	"github.com/aws/aws-sdk-go-v2/service/sesv2":                   "shared/awsjson verifies an address",
}

func linkedBy(t *testing.T, args ...string) []string {
	t.Helper()
	out, err := gotool.Run(t.Context(), root, "list", append([]string{"-deps"}, args...)...)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(out)
}

func TestPoolctlCompilesQuickly(t *testing.T) {
	t.Parallel()
	for _, linked := range linkedBy(t, "./cmd/poolctl") {
		for prefix, instead := range heavy {
			if strings.HasPrefix(linked, prefix) {
				t.Errorf("poolctl links %s: %s", linked, instead)
			}
		}
	}
}

// A module that has poolctl as a tool compiles cmd/codesealer, too. For that its go.sum must have the modules that this
// needs, and `go mod tidy` keeps those of packages that the tool imports under any build tags.
func TestModulesWithPoolctlCanCompileWhatItStarts(t *testing.T) {
	t.Parallel()
	kept := linkedBy(t, "-tags=never", "./cmd/poolctl")
	for _, linked := range linkedBy(t, "./cmd/codesealer") {
		if strings.Contains(linked, ".") && !slices.Contains(kept, linked) {
			t.Errorf("local/codesealer/linked.go does not lead to %s", linked)
		}
	}
}
