package triggertest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"cognito-triggers/shared/functionlog"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
)

// hearing is held while a test listens to the default logger, of which a process has one.
var hearing sync.Mutex

// hear keeps what is logged until the returned function is called, scrubbed as on Lambda, and shows it if the test
// fails: the error that the user reads does not say why. A logger of the test's own still gets every line. While
// another test listens, nothing is kept.
func hear(t *testing.T) (stop func()) {
	t.Helper()
	if !hearing.TryLock() {
		return func() {}
	}
	before, writer, flags := slog.Default(), log.Writer(), log.Flags()
	var heard bytes.Buffer
	trigger.UseLog(&heard, settings.FromMap(nil))
	if fmt.Sprintf("%T", before.Handler()) != "*slog.defaultHandler" { // that one would call the new default, and so on
		slog.SetDefault(slog.New(both{slog.Default().Handler(), before.Handler()}))
	}
	t.Cleanup(func() {
		if t.Failed() && heard.Len() > 0 {
			t.Log("the function's log:" + readable(heard.String()))
		}
	})
	return func() {
		slog.SetDefault(before)
		log.SetOutput(writer)
		log.SetFlags(flags)
		hearing.Unlock()
	}
}

// readable returns log lines of JSON as text, each on a line of its own.
func readable(lines string) string {
	var out strings.Builder
	for line := range strings.Lines(lines) {
		text := functionlog.Line{RequestID: RequestID, Text: strings.TrimSpace(line)}.Body()
		out.WriteString("\n  " + strings.ReplaceAll(text, "\n", "\n  "))
	}
	return out.String()
}

// both passes records to two handlers.
type both struct{ first, second slog.Handler }

// Enabled implements slog.Handler.
func (b both) Enabled(ctx context.Context, level slog.Level) bool {
	return b.first.Enabled(ctx, level) || b.second.Enabled(ctx, level)
}

// Handle implements slog.Handler.
func (b both) Handle(ctx context.Context, r slog.Record) error {
	var errs []error
	for _, h := range []slog.Handler{b.first, b.second} {
		if h.Enabled(ctx, r.Level) {
			errs = append(errs, h.Handle(ctx, r.Clone()))
		}
	}
	return errors.Join(errs...)
}

// WithAttrs implements slog.Handler.
func (b both) WithAttrs(attrs []slog.Attr) slog.Handler {
	return both{b.first.WithAttrs(attrs), b.second.WithAttrs(attrs)}
}

// WithGroup implements slog.Handler.
func (b both) WithGroup(name string) slog.Handler {
	return both{b.first.WithGroup(name), b.second.WithGroup(name)}
}
