package scenario_test

import (
	"bytes"
	"strings"
	"testing"

	"cognito-triggers/local/scenario"
	"cognito-triggers/local/stack"
)

// A demonstration goes on after a step that differs, and says which function it was and what that wrote.
func TestShow(t *testing.T) {
	t.Setenv("AWS_ENDPOINT_URL", local.Emulator.Endpoint)
	for name, c := range map[string]struct {
		broken, binary string
		differing      int
		want           []string // in the output
	}{
		"as shipped": {want: []string{
			"26. anybody can read her post", "30. a post with her access token from there", "Stored profiles: ",
		}},
		"no profile": {
			broken: "post-confirmation", binary: "custom-message", differing: 8,
			want: []string{
				" 5. the right code confirms her", "warning: ", "the last lines of post-confirmation:\n",
				"WARN  event of another hook passed through",
				"13. Paul must change his temporary password", "26. anybody can read her post",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := stack.Start(t.Context(), stack.Options{Root: with(t, c.broken, c.binary)})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = s.Close() })
			pool, err := s.Deploy(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			world := worldOf(t, s, pool)
			var out bytes.Buffer
			if n := scenario.Show(t.Context(), world, &out); n != c.differing {
				t.Errorf("%d steps differ, want %d", n, c.differing)
			}
			for _, want := range c.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("%q is not in\n%s", want, &out)
				}
			}
		})
	}
}
