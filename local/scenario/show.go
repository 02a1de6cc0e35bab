package scenario

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"
)

// logWait is how long Show waits for the lines of a function whose answer is there already.
const logWait = 500 * time.Millisecond

// Show is Play as a demonstration: a step that differs is reported with the reason and the last log lines of the
// function that caused it, and the steps that do not build on it go on. It returns how many steps differed.
func Show(ctx context.Context, w World, out io.Writer) (differing int) {
	p := newPlayer(w, out)
	p.shows = true
	if err := p.begin(ctx); err != nil {
		p.explain(ctx, err)
		return 1
	}
	for i, step := range slices.Concat(steps(), apiSteps()) {
		if ctx.Err() != nil {
			return differing
		}
		if why := p.lacks(step); why != "" {
			p.skip(i+1, step, why)
		} else if err := p.play(ctx, i+1, step); err != nil {
			differing++
			p.explain(ctx, err)
		}
	}
	if err := p.epilogue(ctx); err != nil && differing == 0 {
		differing++
		p.explain(ctx, err)
	}
	return differing
}

func (p *player) skip(number int, st step, why string) {
	fmt.Fprintf(p.out, "%2d. %-74s skipped: %s\n", number, st.title, why)
}

// explain prints why a step differs.
func (p *player) explain(ctx context.Context, err error) {
	fmt.Fprintf(p.out, "      warning: %v\n", err)
	name := p.suspect()
	if name == "" || p.Log == nil {
		return
	}
	lines := p.Log(name)
	for end := time.Now().Add(logWait); len(lines) == 0 && time.Now().Before(end) && ctx.Err() == nil; {
		time.Sleep(logWait / 50)
		lines = p.Log(name)
	}
	fmt.Fprintf(p.out, "      the last lines of %s:\n", name)
	for _, line := range lines {
		fmt.Fprintf(p.out, "        %s\n", line)
	}
	if len(lines) == 0 {
		fmt.Fprintln(p.out, "        (it wrote none)")
	}
}

// suspect returns the function that most likely made the step differ: the last one that failed, or else the last one
// that was called; "" if none was.
func (p *player) suspect() string {
	if len(p.fired) == 0 {
		return ""
	}
	last := p.fired[len(p.fired)-1]
	for _, e := range slices.Backward(p.fired) {
		if e.Outcome != answered {
			last = e
			break
		}
	}
	return function(last.Function)
}
