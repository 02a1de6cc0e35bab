package process

import (
	"bytes"
	"io"
	"os"
	"slices"
	"sync"
	"syscall"
)

const (
	// maxLine is the length in bytes at which longer lines are split.
	maxLine = 64 << 10
	// tailLines and tailWidth bound what Tail keeps.
	tailLines = 20
	tailWidth = 500
	// maxPipe is the most that a pipe holds: an unprivileged program cannot enlarge it further.
	maxPipe = 1 << 20
)

// writing serialises the lines of all processes, because they share writers such as standard error.
var writing sync.Mutex

// output copies lines from a pipe to a writer, each in one Write including its line feed. run does it as they come;
// drain does it at once for what is in the pipe.
type output struct {
	file *os.File
	log  io.Writer
	tail *tail

	mu      sync.Mutex // held from reading the pipe until the lines are written
	buffer  [maxLine]byte
	pending []byte // a line without its end
}

// run copies until the pipe's other ends are closed, or the file's deadline.
func (o *output) run() {
	defer o.flush()
	raw, err := o.file.SyscallConn()
	if err != nil {
		return
	}
	for ended := false; !ended; {
		err := raw.Read(func(fd uintptr) bool {
			var empty bool
			_, empty, ended = o.read(int(fd))
			return !empty
		})
		if err != nil {
			return
		}
	}
}

// drain copies everything that is in the pipe now. When it returns, whatever the program had printed has been written
// to the log.
func (o *output) drain() {
	raw, err := o.file.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) { // fails only if run has come to the end
		for total := 0; total < maxPipe; {
			n, empty, ended := o.read(int(fd))
			if total += n; empty || ended {
				return
			}
		}
	})
}

// read reads once from the pipe, which does not block.
func (o *output) read(fd int) (n int, empty, ended bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	n, err := syscall.Read(fd, o.buffer[:])
	switch {
	case err == syscall.EAGAIN:
		return 0, true, false
	case err == syscall.EINTR:
		return 0, false, false
	case err != nil || n <= 0:
		return 0, false, true
	}
	o.take(o.buffer[:n])
	return n, false, false
}

// take splits data into lines.
func (o *output) take(data []byte) {
	for len(data) > 0 {
		end := bytes.IndexByte(data, '\n')
		room := maxLine - len(o.pending)
		switch {
		case end >= 0 && end < room:
			o.pending = append(o.pending, data[:end+1]...)
			data = data[end+1:]
		case len(data) < room:
			o.pending = append(o.pending, data...)
			return
		default:
			o.pending = append(o.pending, data[:room]...)
			data = data[room:]
		}
		o.emit()
	}
}

// emit writes the pending line.
func (o *output) emit() {
	line := o.pending
	if line[len(line)-1] != '\n' {
		line = append(line, '\n')
	}
	o.tail.add(line[:len(line)-1])
	write(o.log, line)
	o.pending = o.pending[:0]
}

func (o *output) flush() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.pending) > 0 {
		o.emit()
	}
}

func write(w io.Writer, line []byte) {
	if w == nil {
		return
	}
	writing.Lock()
	defer writing.Unlock()
	_, _ = w.Write(line) // a full disk or closed terminal must not stop the program
}

// tail keeps the last lines of the output.
type tail struct {
	mu   sync.Mutex
	kept []string
}

func (t *tail) add(line []byte) {
	kept := string(line[:min(len(line), tailWidth)])
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.kept) == tailLines {
		t.kept = slices.Delete(t.kept, 0, 1)
	}
	t.kept = append(t.kept, kept)
}

func (t *tail) lines() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.kept)
}
