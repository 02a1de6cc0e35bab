package process

import (
	"bufio"
	"io"
	"slices"
	"sync"
)

const (
	// maxLine is the length in bytes at which longer lines are split.
	maxLine = 64 << 10
	// tailLines and tailWidth bound what Tail keeps.
	tailLines = 20
	tailWidth = 500
)

// writing serialises the lines of all processes, because they share writers such as standard error.
var writing sync.Mutex

// lines copies lines from r to w until r ends, each in one Write including its line feed.
func lines(r io.Reader, w io.Writer, t *tail) {
	in := bufio.NewReaderSize(r, maxLine)
	for {
		line, err := in.ReadSlice('\n')
		if len(line) > 0 {
			if line[len(line)-1] != '\n' {
				line = append(slices.Clip(line), '\n')
			}
			t.add(line[:len(line)-1])
			write(w, line)
		}
		if err != nil && err != bufio.ErrBufferFull {
			return
		}
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
