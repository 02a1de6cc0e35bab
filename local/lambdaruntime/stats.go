package lambdaruntime

import (
	"maps"
	"slices"
	"time"

	"cognito-triggers/local/lambdaruntime/process"
)

// Stats counts a runner's processes.
type Stats struct {
	Instances int // currently running
	Spawns    int
	Deaths    int
	Ended     []Ended // one per exited process, in order
}

// Ended describes an exited process and its usage. To read the usage of all processes, close the runner first.
type Ended struct {
	process.Usage
	PID    int
	Status string // "exit status 1", "signal: killed"
	Events int    // taken by the process
	Init   time.Duration
}

// Stats returns the current counts.
func (r *Runner) Stats() Stats {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.stats
	s.Instances = len(r.live)
	s.Ended = slices.Clone(s.Ended)
	return s
}

func (r *Runner) running() []*instance {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Collect(maps.Keys(r.live))
}

// forget removes an exited process.
func (r *Runner) forget(in *instance) {
	ended := in.ended()
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.live, in)
	r.idle = slices.DeleteFunc(r.idle, func(other *instance) bool { return other == in })
	r.stats.Deaths++
	r.stats.Ended = append(r.stats.Ended, ended)
}

func (in *instance) ended() Ended {
	in.mu.Lock()
	defer in.mu.Unlock()
	return Ended{
		Usage:  in.process.Usage(),
		PID:    in.process.PID(),
		Status: in.process.State().String(),
		Events: in.served,
		Init:   in.init,
	}
}

func (in *instance) initDuration() time.Duration {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.init
}

// since returns how long ago the process took the event; zero if it did not.
func (in *instance) since(inv *invocation) time.Duration {
	in.mu.Lock()
	defer in.mu.Unlock()
	if inv.handed.IsZero() {
		return 0
	}
	return time.Since(inv.handed)
}
