package process

import (
	"syscall"

	"golang.org/x/sys/unix"
)

func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// reap waits for the program to exit and kills the rest of the group before collecting its status, because until then
// its process ID cannot be reused.
func (p *Process) reap() {
	for unix.Waitid(unix.P_PID, p.PID(), nil, unix.WEXITED|unix.WNOWAIT, nil) == unix.EINTR {
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.signalGroup(syscall.SIGKILL)
	_ = p.cmd.Wait() // see State
	p.reaped = true
}

// peakRSS returns the peak resident memory in bytes.
func peakRSS(usage *syscall.Rusage) int64 { return usage.Maxrss * 1024 }
