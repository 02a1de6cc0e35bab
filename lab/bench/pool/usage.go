package pool

import "time"

// Usage is what a server has used so far. Its functions are its child processes.
type Usage struct {
	Known             bool // only Linux reports it for a running process
	CPU, FunctionsCPU time.Duration
	RSS, FunctionsRSS int64 // bytes
}
