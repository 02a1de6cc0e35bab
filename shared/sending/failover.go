package sending

import (
	"context"
	"errors"
	"time"
)

// reserved is the part of the time that is left which the first provider may not use up.
const reserved = 3 // a third

// FailOver says when a second provider is asked: where the first did not accept a message for a reason of its own; see
// Temporary. A message that is refused as such goes to no other provider.
type FailOver struct {
	// SendAgain also asks the second provider if it is unknown whether the first accepted the message, so that it may be
	// sent twice.
	SendAgain bool
	// Failed is told of the first provider's error if the second one is asked; may be nil.
	Failed func(ctx context.Context, err error)
}

// EmailFailOver is an EmailSender over two.
type EmailFailOver struct {
	FailOver
	First, Second EmailSender
}

// SMSFailOver is an SMSSender over two.
type SMSFailOver struct {
	FailOver
	First, Second SMSSender
}

// SendEmail implements EmailSender.
func (f EmailFailOver) SendEmail(ctx context.Context, mail Email) (string, error) {
	return f.send(ctx,
		func(ctx context.Context) (string, error) { return f.First.SendEmail(ctx, mail) },
		func(ctx context.Context) (string, error) { return f.Second.SendEmail(ctx, mail) })
}

// SendSMS implements SMSSender.
func (f SMSFailOver) SendSMS(ctx context.Context, message SMS) (string, error) {
	return f.send(ctx,
		func(ctx context.Context) (string, error) { return f.First.SendSMS(ctx, message) },
		func(ctx context.Context) (string, error) { return f.Second.SendSMS(ctx, message) })
}

func (f FailOver) send(ctx context.Context, first, second func(context.Context) (string, error)) (string, error) {
	limited := ctx
	if end, ends := ctx.Deadline(); ends {
		var cancel context.CancelFunc
		limited, cancel = context.WithDeadline(ctx, end.Add(-time.Until(end)/reserved))
		defer cancel()
	}
	id, err := first(limited)
	if err == nil || ClassOf(err) == Permanent || ClassOf(err) == Unknown && !f.SendAgain {
		return id, err
	}
	if f.Failed != nil {
		f.Failed(ctx, err)
	}
	id, other := second(ctx)
	if other == nil {
		return id, nil
	}
	// The worse of the two decides: if either may have accepted the message, it may have been sent.
	class := ClassOf(other)
	if ClassOf(err) == Unknown {
		class = Unknown
	}
	return "", &Error{Provider: "both providers", Class: class, Err: errors.Join(err, other)}
}
