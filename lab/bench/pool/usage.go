package pool

import "time"

// Usage is what a server has taken so far. Its functions are its child processes.
type Usage struct {
	Known             bool // only Linux tells it of a running process
	CPU, FunctionsCPU time.Duration
	RSS, FunctionsRSS int64 // bytes
}
