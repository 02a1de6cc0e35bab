package pool

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of CPU times in /proc, always a hundredth of a second for user programs.
const tick = 10 * time.Millisecond

// usageOf returns the usage of a process and, separately, of its descendants, including those that have exited.
func usageOf(pid int) Usage {
	all := processes()
	server, known := all[pid]
	u := Usage{Known: known, CPU: server.cpu, RSS: server.rss, FunctionsCPU: server.ended}
	for child, p := range all {
		if child != pid && descends(all, child, pid) {
			u.FunctionsCPU += p.cpu + p.ended
			u.FunctionsRSS += p.rss
		}
	}
	return u
}

func descends(all map[int]stat, pid, from int) bool {
	for pid != from {
		p, known := all[pid]
		if !known || p.parent == pid {
			return false
		}
		pid = p.parent
	}
	return true
}

// stat is a process's state in /proc.
type stat struct {
	parent     int
	cpu, ended time.Duration // its own, and its exited children's
	rss        int64         // bytes
}

func processes() map[int]stat {
	all := map[int]stat{}
	files, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // it has exited
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		if s, ok := parseStat(text); err == nil && ok {
			all[pid] = s
		}
	}
	return all
}

// parseStat reads the fields of proc_pid_stat(5) after the program's name, which may contain anything.
func parseStat(text []byte) (stat, bool) {
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	const parent, utime, stime, cutime, cstime, rss = 1, 11, 12, 13, 14, 21 // counted from the state
	if len(fields) <= rss {
		return stat{}, false
	}
	number := func(i int) int64 {
		n, _ := strconv.ParseInt(fields[i], 10, 64)
		return n
	}
	return stat{
		parent: int(number(parent)),
		cpu:    time.Duration(number(utime)+number(stime)) * tick,
		ended:  time.Duration(number(cutime)+number(cstime)) * tick,
		rss:    number(rss) * int64(os.Getpagesize()),
	}, true
}
