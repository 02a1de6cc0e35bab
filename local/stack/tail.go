package stack

import (
	"bytes"
	"io"
	"slices"
	"sync"
)

const (
	tailLines = 5    // of a function
	tailWidth = 1000 // bytes of a line
)

// tails keep the last log lines of each function. The zero value is ready to use.
type tails struct {
	mu    sync.Mutex
	lines map[string][]string
}

// LastLines returns the last lines that a function's processes wrote, oldest first.
func (s *Stack) LastLines(function string) []string {
	s.tails.mu.Lock()
	defer s.tails.mu.Unlock()
	return slices.Clone(s.tails.lines[function])
}

// of returns a writer for a function's output, line by line, that passes everything on.
func (t *tails) of(function string, to io.Writer) io.Writer { return &tailed{t, function, to} }

type tailed struct {
	*tails
	function string
	to       io.Writer
}

// Write implements io.Writer.
func (t *tailed) Write(line []byte) (int, error) {
	kept := bytes.TrimRight(line, "\n")
	t.mu.Lock()
	if t.lines == nil {
		t.lines = map[string][]string{}
	}
	all := append(t.lines[t.function], string(kept[:min(len(kept), tailWidth)]))
	t.lines[t.function] = slices.Clone(all[max(0, len(all)-tailLines):])
	t.mu.Unlock()
	return t.to.Write(line)
}
