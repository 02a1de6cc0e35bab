//go:build unix && !linux

package process

import "syscall"

// Without a death signal, functions exit when their Runtime API is gone, and other programs watch a pipe.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}

// reap waits for the program to exit and kills the rest of the group.
func (p *Process) reap() {
	_ = p.cmd.Wait() // see State
	p.mu.Lock()
	defer p.mu.Unlock()
	p.reaped = true
	p.signalGroup(syscall.SIGKILL)
}

func peakRSS(usage *syscall.Rusage) int64 { return usage.Maxrss }
