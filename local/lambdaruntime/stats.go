package lambdaruntime

import (
	"maps"
	"slices"
	"time"

	"cognito-triggers/local/lambdaruntime/process"
)

// Stats counts a runner's processes.
type Stats struct {
	Instances int // running now
	Spawns    int
	Deaths    int
	Ended     []Ended // one for each death, in order
}

// Ended is what one process was and took. CPU time and memory are known once a process has ended: close the runner,
// then read them.
type Ended struct {
	process.Usage
	PID    int
	Status string // "exit status 1", "signal: killed"
	Events int    // how many it took
	Init   time.Duration
}

// Stats is the state at this moment.
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

// forget drops a process that has ended.
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

// since is how long ago the process took the event; zero where it did not.
func (in *instance) since(inv *invocation) time.Duration {
	in.mu.Lock()
	defer in.mu.Unlock()
	if inv.handed.IsZero() {
		return 0
	}
	return time.Since(inv.handed)
}
