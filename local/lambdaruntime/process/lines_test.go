package process

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// writes records each Write.
type writes []string

// Write implements io.Writer.
func (w *writes) Write(p []byte) (int, error) {
	*w = append(*w, string(p))
	return len(p), nil
}

// feed passes a program's whole output in pieces.
func feed(o *output, input string) {
	for piece := range slices.Chunk([]byte(input), 1000) {
		o.take(piece)
	}
	o.flush()
}

func TestLines(t *testing.T) {
	long := strings.Repeat("x", maxLine+10)
	for name, c := range map[string]struct {
		input string
		want  []string
	}{
		"nothing":                 {},
		"two lines":               {input: "a\nb\n", want: []string{"a\n", "b\n"}},
		"an empty line":           {input: "\n", want: []string{"\n"}},
		"a last line without end": {input: "a\nb", want: []string{"a\n", "b\n"}},
		"a line that is too long": {
			input: long + "\nb\n", want: []string{long[:maxLine] + "\n", long[maxLine:] + "\n", "b\n"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var got writes
			feed(&output{log: &got, tail: &tail{}}, c.input)
			if !slices.Equal(got, c.want) {
				t.Errorf("writes = %.200q, want %.200q", []string(got), c.want)
			}
		})
	}
}

func TestTailIsBounded(t *testing.T) {
	var input strings.Builder
	for i := range tailLines + 5 {
		fmt.Fprintf(&input, "%d%s\n", i, strings.Repeat("x", 2*tailWidth))
	}
	kept := &tail{}
	feed(&output{tail: kept}, input.String())
	got := kept.lines()
	if len(got) != tailLines || !strings.HasPrefix(got[0], "5x") || len(got[0]) != tailWidth {
		t.Errorf("%d lines kept, the first is %.20q with %d bytes; want the last %d of at most %d bytes",
			len(got), got[0], len(got[0]), tailLines, tailWidth)
	}
}
