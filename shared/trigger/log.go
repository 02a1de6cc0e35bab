package trigger

import (
	"context"
	"io"
	"log/slog"
	"strings"

	"cognito-triggers/shared/settings"
)

// UseLog makes slog's default logger write JSON lines to w, from the level that LOG_LEVEL names (debug, info, warn or
// error; info by default). While an event is in hand, each line carries its request id, trigger source and user pool,
// and every value of the event's request is taken out of the line's text, so that no attribute, password, code or token
// reaches a log, not even inside the error text of a service.
func UseLog(w io.Writer, env *settings.Env) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(env.OneOf("LOG_LEVEL", "info", "debug", "info", "warn", "error"))); err != nil {
		level = slog.LevelInfo
	}
	slog.SetDefault(slog.New(&scrubbingHandler{next: slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level})}))
}

// scrubbingHandler keeps attributes until a line is written, when the event whose values must not appear is known.
type scrubbingHandler struct {
	next   slog.Handler
	prefix string
	attrs  []slog.Attr
}

func (h *scrubbingHandler) Enabled(ctx context.Context, level slog.Level) bool {
	return h.next.Enabled(ctx, level)
}

func (h *scrubbingHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	with := *h
	with.attrs = append([]slog.Attr(nil), h.attrs...)
	for _, a := range attrs {
		with.attrs = append(with.attrs, slog.Attr{Key: h.prefix + a.Key, Value: a.Value})
	}
	return &with
}

func (h *scrubbingHandler) WithGroup(name string) slog.Handler {
	with := *h
	with.prefix += name + "."
	return &with
}

func (h *scrubbingHandler) Handle(ctx context.Context, r slog.Record) error {
	in := fromContext(ctx)
	if in == nil {
		in = current.Load()
	}
	scrub := func(s string) string { return s }
	out := slog.NewRecord(r.Time, r.Level, "", r.PC)
	if in != nil {
		scrub = scrubber(in.secrets())
		out.AddAttrs(slog.String("requestId", in.requestID), slog.String("triggerSource", in.envelope.TriggerSource), slog.String("userPoolId", in.envelope.UserPoolID))
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

// scrubAttr scrubs every text in the attribute. A value of any other type than slog's own, an error or a list of
// strings is named by its type alone: what its fields hold cannot be known.
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
		return slog.StringValue(scrub(errorText(v)))
	case []string:
		return slog.StringValue(scrub(strings.Join(v, ", ")))
	}
	return slog.StringValue(typeName(value))
}
