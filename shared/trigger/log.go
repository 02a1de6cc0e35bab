package trigger

import (
	"context"
	"io"
	"log/slog"
	"strings"

	"cognito-triggers/shared/scrub"
	"cognito-triggers/shared/settings"
)

// UseLog makes slog's default logger write JSON lines to w, from the level that LOG_LEVEL names (debug, info, warn or
// error; info by default). While an event is in hand, each line carries its request id, trigger source and user pool,
// and every value of the event's request is taken out of the line's text, so that no attribute, password, code or token
// reaches a log, not even inside the error text of a service.
func UseLog(w io.Writer, env *settings.Env) {
	scrub.UseLog(w, env, func(ctx context.Context) ([]slog.Attr, *scrub.Secrets) {
		in := fromContext(ctx)
		if in == nil {
			in = current.Load()
		}
		if in == nil {
			return nil, nil
		}
		return []slog.Attr{
			slog.String("requestId", in.requestID),
			slog.String("triggerSource", in.envelope.TriggerSource),
			slog.String("userPoolId", in.envelope.UserPoolID),
		}, in.secrets
	})
}

// collectPrivate finds every text in the event's request, and the user's name.
func collectPrivate(payload []byte, into *[]string) {
	var event struct {
		UserName any `json:"userName"`
		Request  any `json:"request"`
	}
	if scrub.Decode(payload, &event) != nil {
		return
	}
	scrub.Collect(event.UserName, into)
	if name, ok := event.UserName.(string); ok {
		_, subject, _ := strings.Cut(name, "_") // <Provider>_<subject>
		scrub.Collect(subject, into)
	}
	scrub.Collect(event.Request, into)
}
