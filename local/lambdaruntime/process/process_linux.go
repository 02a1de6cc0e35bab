package process

import (
	"syscall"

	"golang.org/x/sys/unix"
)

func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// reap waits for the program's end. It kills the rest of the group before it collects the program: until then the
// kernel gives its id to nobody else.
func (p *Process) reap() {
	for unix.Waitid(unix.P_PID, p.PID(), nil, unix.WEXITED|unix.WNOWAIT, nil) == unix.EINTR {
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.signalGroup(syscall.SIGKILL)
	_ = p.cmd.Wait() // State has how it ended
	p.reaped = true
}

// peakRSS is in bytes.
func peakRSS(usage *syscall.Rusage) int64 { return usage.Maxrss * 1024 }
