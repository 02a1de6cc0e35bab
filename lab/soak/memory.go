package soak

import (
	"context"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"cognito-triggers/local/inspect"
)

// Memory is a process's resident memory in bytes after a number of users; 0 if unknown.
type Memory struct {
	Users int
	RSS   int64
}

func memoryOf(pid, users int) Memory { return Memory{users, rss(pid)} }

// rss reads /proc, or asks ps on systems without it.
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
	n, _ := strconv.ParseInt(strings.TrimSpace(text), 10, 64) // 0 means unknown
	return n << 10
}

// Kept is what the pool keeps for people to inspect, with its size as JSON. It is bounded; users are not.
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
