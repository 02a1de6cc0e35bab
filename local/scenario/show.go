package scenario

import (
	"context"
	"fmt"
	"io"
	"slices"

	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/shared/functionlog"
)

// Show is Play as a demonstration: a step that differs is reported with the reason and the last log lines of the
// function that caused it, and the steps that do not build on it go on. It returns how many steps differed.
func Show(ctx context.Context, w World, out io.Writer) (differing int) {
	p := newPlayer(w, out)
	p.shows = true
	if err := p.begin(ctx); err != nil {
		p.explain(err)
		return 1
	}
	for i, step := range allOf() {
		if ctx.Err() != nil {
			return differing
		}
		if why := p.lacks(step); why != "" {
			p.skip(i+1, step, why)
		} else if err := p.play(ctx, i+1, step); err != nil {
			differing++
			p.explain(err)
		}
	}
	if err := p.epilogue(ctx); err != nil && differing == 0 {
		differing++
		p.explain(err)
	}
	return differing
}

func (p *player) skip(number int, st step, why string) {
	fmt.Fprintf(p.out, "%2d. %-74s skipped: %s\n", number, st.title, why)
}

// maxLines is how many lines of a function a step that differs shows.
const maxLines = 5

// explain prints why a step differs.
func (p *player) explain(err error) {
	fmt.Fprintf(p.out, "      warning: %v\n", err)
	e, found := p.suspect()
	if !found {
		return
	}
	fmt.Fprintf(p.out, "      the last lines of %s:\n", function(e.Function))
	var lines []functionlog.Line
	for _, attempt := range e.Attempts {
		lines = append(lines, attempt.Log...)
	}
	for _, line := range lines[max(0, len(lines)-maxLines):] {
		fmt.Fprintf(p.out, "        %s\n", line)
	}
	if len(lines) == 0 {
		fmt.Fprintln(p.out, "        (it wrote none)")
	}
}

// suspect returns the event that most likely made the step differ: the last one that failed, or else the last one.
func (p *player) suspect() (e fire.Record, found bool) {
	if len(p.fired) == 0 {
		return fire.Record{}, false
	}
	for _, e := range slices.Backward(p.fired) {
		if e.Outcome != answered {
			return e, true
		}
	}
	return p.fired[len(p.fired)-1], true
}
