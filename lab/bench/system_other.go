//go:build unix && !linux

package bench

import (
	"errors"
	"os"
	"runtime"
	"syscall"
)

// canEvict reports whether evict works on this system.
const canEvict = false

// attributes returns the defaults: a function exits by itself when its Runtime API is gone.
func attributes() *syscall.SysProcAttr { return nil }

func evict(string) error { return errors.ErrUnsupported }

// peakRSS returns 0: here it is known only after the process exits.
func peakRSS(int) int64 { return 0 }

// peakOfEnded returns the peak resident memory in bytes.
func peakOfEnded(state *os.ProcessState) int64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return int64(usage.Maxrss)
	}
	return int64(usage.Maxrss) << 10
}
