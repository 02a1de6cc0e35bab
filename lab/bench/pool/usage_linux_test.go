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
		"usual":         {"42 (bootstrap) S 7 42 42 0 -1 4194304 1 2 3 4 10 20 30 40 20 0 8 0 100 5000 250 18446744073709551615", stat{7, 300 * time.Millisecond, 700 * time.Millisecond, 250 * page}, true},
		"odd name":      {"42 (a) R 1 (b) S 7 42 42 0 -1 4194304 1 2 3 4 10 20 30 40 20 0 8 0 100 5000 250 0", stat{7, 300 * time.Millisecond, 700 * time.Millisecond, 250 * page}, true},
		"cut":           {"42 (bootstrap) S 7 42", stat{}, false},
		"empty":         {"", stat{}, false},
		"not of a name": {"42", stat{}, false},
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
		t.Errorf("a process that has ended uses %+v", gone)
	}
}
