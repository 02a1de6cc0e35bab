//go:build unix && !linux

package process

import "syscall"

// There is no death signal here. A function ends by itself when its Runtime API is gone; other programs are given a
// pipe to watch.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}

// reap waits for the program's end and kills the rest of the group.
func (p *Process) reap() {
	_ = p.cmd.Wait() // State has how it ended
	p.mu.Lock()
	defer p.mu.Unlock()
	p.reaped = true
	p.signalGroup(syscall.SIGKILL)
}

func peakRSS(usage *syscall.Rusage) int64 { return usage.Maxrss }
