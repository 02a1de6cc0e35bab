package soak

import (
	"context"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"cognito-triggers/local/inspect"
)

// Memory is what a process has resident, in bytes, after so many users; 0 where that is not known.
type Memory struct {
	Users int
	RSS   int64
}

func memoryOf(pid, users int) Memory { return Memory{users, rss(pid)} }

// rss asks the kernel, and where it has no /proc, ps.
func rss(pid int) int64 {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err == nil {
		for line := range strings.Lines(string(text)) {
			if value, found := strings.CutPrefix(line, "VmRSS:"); found {
				return kilobytes(strings.TrimSuffix(strings.TrimSpace(value), "kB"))
			}
		}
		return 0
	}
	text, err = exec.Command("ps", "-o", "rss=", "-p", strconv.Itoa(pid)).Output()
	if err != nil {
		return 0
	}
	return kilobytes(string(text))
}

func kilobytes(text string) int64 {
	n, _ := strconv.ParseInt(strings.TrimSpace(text), 10, 64) // 0 is "not known"
	return n << 10
}

// Kept is what the pool remembers for people to look at, as JSON: it is bounded, whereas users stay.
type Kept struct {
	Events, Messages         int
	EventBytes, MessageBytes int64
}

func keptBy(ctx context.Context, endpoint string) (Kept, error) {
	var k Kept
	client, err := inspect.Open(endpoint, "")
	if err != nil {
		return k, err
	}
	for _, part := range []struct {
		from  inspect.Source
		count *int
		bytes *int64
	}{{inspect.Events, &k.Events, &k.EventBytes}, {inspect.Messages, &k.Messages, &k.MessageBytes}} {
		list, err := client.List(ctx, part.from, inspect.Query{})
		if err != nil {
			return k, err
		}
		*part.count = len(list)
		for _, entry := range list {
			*part.bytes += int64(len(entry.Raw))
		}
	}
	return k, nil
}
