package lambdaruntime

import (
	"strings"
	"sync"
	"time"

	"cognito-triggers/shared/functionlog"
)

// What Result.Log keeps of one attempt.
const (
	MaxLogLines = 200
	MaxLogBytes = 64 << 10
)

// attribution is where a process's output goes. A line belongs to the attempt that the process works for: from its
// spawn to the one that it was spawned for, and from taking an event to taking the next one to that event. The pipe is
// drained at both ends, so that no line comes too late to belong to its own attempt.
type attribution struct {
	function Function
	pid      func() int // the process's, once it is started

	mu      sync.Mutex
	current *attemptLog
}

// begin makes further lines belong to another attempt.
func (a *attribution) begin(log *attemptLog) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.current = log
}

// Write implements io.Writer for one line.
func (a *attribution) Write(text []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	line := functionlog.Line{
		At: time.Now(), Function: a.function.Name, Instance: a.pid(), RequestID: a.current.id,
		Text: strings.TrimSuffix(string(text), "\n"),
	}
	a.current.add(line)
	if a.function.Lines != nil {
		a.function.Lines(line)
	}
	if a.function.Logs == nil {
		return len(text), nil
	}
	return a.function.Logs.Write(text)
}

// attemptLog keeps the last lines of one attempt.
type attemptLog struct {
	id string // request ID

	mu      sync.Mutex
	kept    []functionlog.Line
	bytes   int
	leftOut int
}

func (l *attemptLog) add(line functionlog.Line) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.kept = append(l.kept, line)
	l.bytes += len(line.Text)
	for len(l.kept) > MaxLogLines || l.bytes > MaxLogBytes && len(l.kept) > 1 {
		l.bytes -= len(l.kept[0].Text)
		l.kept[0] = functionlog.Line{} // to be collected
		l.kept = l.kept[1:]
		l.leftOut++
	}
}

// lines returns the kept lines and the number of the others.
func (l *attemptLog) lines() ([]functionlog.Line, int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]functionlog.Line(nil), l.kept...), l.leftOut
}
