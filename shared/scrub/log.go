package scrub

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"

	"cognito-triggers/shared/settings"
)

// InHand is a function that returns the attributes of every log line of the current event or request, and the values
// that no line may hold. Secrets are nil if there is no current event.
type InHand func(context.Context) ([]slog.Attr, *Secrets)

// UseLog makes slog's default logger write JSON lines to w, from the level in LOG_LEVEL (debug, info, warn or error;
// info by default).
func UseLog(w io.Writer, env *settings.Env, inHand InHand) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(env.OneOf("LOG_LEVEL", "info", "debug", "info", "warn", "error"))); err != nil {
		level = slog.LevelInfo
	}
	use(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level}), inHand)
}

// UseHandler makes slog's default logger pass scrubbed lines to a handler. It refuses slog's own default handler, which
// writes through the log package and so through slog again.
func UseHandler(next slog.Handler, inHand InHand) error {
	if TypeName(next) == "[*slog.defaultHandler]" {
		return errors.New("the logger is slog's own default: give one with a handler, such as slog.NewJSONHandler")
	}
	use(next, inHand)
	return nil
}

func use(next slog.Handler, inHand InHand) {
	slog.SetDefault(slog.New(&handler{next: next, inHand: inHand}))
}

// handler keeps attributes until a line is written, because only then are the values known that must not appear.
type handler struct {
	next   slog.Handler
	inHand InHand
	prefix string
	attrs  []slog.Attr
}

func (h *handler) Enabled(ctx context.Context, level slog.Level) bool {
	return h.next.Enabled(ctx, level)
}

func (h *handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	with := *h
	with.attrs = append([]slog.Attr(nil), h.attrs...)
	for _, a := range attrs {
		with.attrs = append(with.attrs, slog.Attr{Key: h.prefix + a.Key, Value: a.Value})
	}
	return &with
}

func (h *handler) WithGroup(name string) slog.Handler {
	with := *h
	with.prefix += name + "."
	return &with
}

func (h *handler) Handle(ctx context.Context, r slog.Record) error {
	scrub := func(s string) string { return s }
	out := slog.NewRecord(r.Time, r.Level, "", r.PC)
	if attrs, secrets := h.inHand(ctx); secrets != nil {
		scrub = Text(secrets.Values())
		out.AddAttrs(attrs...)
	}
	out.Message = scrub(r.Message)
	for _, a := range h.attrs {
		out.AddAttrs(scrubAttr(a, scrub))
	}
	r.Attrs(func(a slog.Attr) bool {
		out.AddAttrs(scrubAttr(slog.Attr{Key: h.prefix + a.Key, Value: a.Value}, scrub))
		return true
	})
	return h.next.Handle(ctx, out)
}

// scrubAttr scrubs every text in the attribute. It replaces a value by its type's name unless it is one of slog's
// kinds, an error or a list of strings, because its fields could hold anything.
func scrubAttr(a slog.Attr, scrub func(string) string) slog.Attr {
	value := a.Value.Resolve()
	switch value.Kind() {
	case slog.KindString:
		value = slog.StringValue(scrub(value.String()))
	case slog.KindGroup:
		group := make([]slog.Attr, 0, len(value.Group()))
		for _, member := range value.Group() {
			group = append(group, scrubAttr(member, scrub))
		}
		value = slog.GroupValue(group...)
	case slog.KindAny:
		value = scrubAny(value.Any(), scrub)
	}
	return slog.Attr{Key: a.Key, Value: value}
}

func scrubAny(value any, scrub func(string) string) slog.Value {
	switch v := value.(type) {
	case nil:
		return slog.AnyValue(nil)
	case error:
		return slog.StringValue(scrub(ErrorText(v)))
	case []string:
		return slog.StringValue(scrub(strings.Join(v, ", ")))
	}
	return slog.StringValue(TypeName(value))
}
