package process

import (
	"syscall"
	"time"
)

// Usage is what a program used, including its reaped children.
type Usage struct {
	UserCPU, SystemCPU time.Duration
	PeakRSS            int64 // bytes
}

// Usage returns what the program used. It is zero until Done is closed.
func (p *Process) Usage() Usage {
	state := p.State()
	if state == nil {
		return Usage{}
	}
	u := Usage{UserCPU: state.UserTime(), SystemCPU: state.SystemTime()}
	if r, ok := state.SysUsage().(*syscall.Rusage); ok {
		u.PeakRSS = peakRSS(r)
	}
	return u
}
