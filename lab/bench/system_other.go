//go:build unix && !linux

package bench

import (
	"errors"
	"os"
	"runtime"
	"syscall"
)

// canEvict tells whether evict works on this system.
const canEvict = false

// attributes are the default ones: a function ends by itself when its Runtime API is gone.
func attributes() *syscall.SysProcAttr { return nil }

func evict(string) error { return errors.ErrUnsupported }

// peakRSS is known after the process's end only.
func peakRSS(int) int64 { return 0 }

// peakOfEnded is in bytes.
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
