package stack

import (
	"io"
	"sync"
)

// OneAtATime returns a writer for several goroutines, such as those that copy a command's standard output and errors.
func OneAtATime(w io.Writer) io.Writer { return &oneAtATime{w: w} }

type oneAtATime struct {
	mu sync.Mutex
	w  io.Writer
}

func (o *oneAtATime) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.w.Write(p)
}
