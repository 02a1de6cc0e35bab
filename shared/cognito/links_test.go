package cognito

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestNoRuleEngine checks what the contract's users link: the token signer and the answer checks must not import the
// rules of a trigger, and this package no other package of the module.
func TestNoRuleEngine(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ dir, without string }{
		"signer":   {dir: "../../local/userpool/token", without: "cognito-triggers/shared/claims"},
		"firing":   {dir: "../../local/userpool/fire", without: "cognito-triggers/shared/claims"},
		"answers":  {dir: "./answer", without: "cognito-triggers/shared/claims"},
		"events":   {dir: "../events", without: "cognito-triggers/shared/cognito/sdkconfig"},
		"contract": {dir: ".", without: "cognito-triggers/shared/events"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			list := exec.Command("go", "list", "-deps", ".")
			list.Dir, list.Stderr = c.dir, t.Output()
			out, err := list.Output()
			if err != nil {
				t.Fatal(err)
			}
			if linked := strings.Fields(string(out)); slices.Contains(linked, c.without) || len(linked) < 10 {
				t.Errorf("%s links %d packages, %s among them", c.dir, len(linked), c.without)
			}
		})
	}
}
