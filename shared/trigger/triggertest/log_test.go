package triggertest

import (
	"bytes"
	"context"
	"log"
	"log/slog"
	"strings"
	"testing"
)

// A case that fails shows why the function failed, without what no log may hold.
func TestAFailureShowsTheLog(t *testing.T) {
	out, err := child(t, "fails inside", ".")
	for _, want := range []string{"the function's log:", `ERROR  the handler failed`, `error="the table is gone"`,
		"INFO  asking  ", "about=[scrubbed]"} {
		if err == nil || !strings.Contains(out, want) {
			t.Fatalf("error %v, want a failure that says %q:\n%.4000s", err, want, out)
		}
	}
}

// A logger of the test's own has every line while Invoke listens, and is the default again afterwards.
func TestInvokeLeavesTheLogger(t *testing.T) {
	before, writer, flags := slog.Default(), log.Writer(), log.Flags()
	defer func() {
		slog.SetDefault(before)
		log.SetOutput(writer)
		log.SetFlags(flags)
	}()
	var own bytes.Buffer
	mine := slog.New(slog.NewTextHandler(&own, nil))
	slog.SetDefault(mine)
	Invoke(t, handlerFunc(func(ctx context.Context, event []byte) ([]byte, error) {
		slog.With("a", 1).WithGroup("g").InfoContext(ctx, "heard", "b", 2)
		Invoke(t, handlerFunc(func(context.Context, []byte) ([]byte, error) { return nil, nil }), nil)
		return event, nil
	}), nil)
	if slog.Default() != mine || !strings.Contains(own.String(), "msg=heard a=1 g.b=2") {
		t.Errorf("the default is the test's: %v; it has %q", slog.Default() == mine, own.String())
	}
}
