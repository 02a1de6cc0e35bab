package pool

import (
	"os"
	"os/exec"
	"testing"
	"time"

	"cognito-triggers/local/lambdaruntime/process"
)

func TestParseStat(t *testing.T) {
	page := int64(os.Getpagesize())
	for name, c := range map[string]struct {
		text string
		want stat
		ok   bool
	}{
		"usual": {
			text: "42 (bootstrap) S 7 42 42 0 -1 4194304 1 2 3 4 10 20 30 40 20 0 8 0 100 5000 250 18446744073709551615",
			want: stat{parent: 7, cpu: 300 * time.Millisecond, ended: 700 * time.Millisecond, rss: 250 * page},
			ok:   true,
		},
		"odd name": {
			text: "42 (a) R 1 (b) S 7 42 42 0 -1 4194304 1 2 3 4 10 20 30 40 20 0 8 0 100 5000 250 0",
			want: stat{parent: 7, cpu: 300 * time.Millisecond, ended: 700 * time.Millisecond, rss: 250 * page},
			ok:   true,
		},
		"cut":     {text: "42 (bootstrap) S 7 42", want: stat{}},
		"empty":   {text: "", want: stat{}},
		"no name": {text: "42", want: stat{}},
	} {
		t.Run(name, func(t *testing.T) {
			if got, ok := parseStat([]byte(c.text)); ok != c.ok || got != c.want {
				t.Errorf("got %+v, %t", got, ok)
			}
		})
	}
}

func TestUsageCountsDescendants(t *testing.T) {
	before := usageOf(os.Getpid())
	child, err := process.Start(exec.Command("sleep", "600"), nil)
	if err != nil {
		t.Fatal(err)
	}
	during := usageOf(os.Getpid())
	child.Kill()
	<-child.Done()
	if !before.Known || before.RSS <= 0 || during.FunctionsRSS <= before.FunctionsRSS {
		t.Errorf("before %+v, with a child %+v", before, during)
	}
	if gone := usageOf(child.PID()); gone.Known {
		t.Errorf("a process that has exited uses %+v", gone)
	}
}
