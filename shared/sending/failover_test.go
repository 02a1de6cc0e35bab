package sending

import (
	"context"
	"errors"
	"testing"
	"time"
)

// provider fails with its error, or accepts; it notes whether it was asked.
type provider struct {
	err   error
	stall bool
	asked bool
}

func (p *provider) SendEmail(ctx context.Context, _ Email) (string, error) {
	p.asked = true
	if p.stall {
		<-ctx.Done()
		return "", &Error{"p", Unknown, ctx.Err()}
	}
	return "id", p.err
}

func (p *provider) SendSMS(ctx context.Context, _ SMS) (string, error) {
	return p.SendEmail(ctx, Email{})
}

func TestFailOver(t *testing.T) {
	t.Parallel()
	of := func(class Class) error { return &Error{"p", class, errors.New("no")} }
	for name, c := range map[string]struct {
		first, second error
		again         bool
		asked, sent   bool
		want          Class
	}{
		"accepted":                  {sent: true},
		"temporary":                 {first: of(Temporary), asked: true, sent: true},
		"permanent":                 {first: of(Permanent), want: Permanent},
		"unknown":                   {first: of(Unknown), want: Unknown},
		"unknown, may be doubled":   {first: of(Unknown), again: true, asked: true, sent: true},
		"without a class":           {first: errors.New("no"), want: Unknown},
		"both temporary":            {first: of(Temporary), second: of(Temporary), asked: true, want: Temporary},
		"both, second permanent":    {first: of(Temporary), second: of(Permanent), asked: true, want: Permanent},
		"unknown, then temporary":   {first: of(Unknown), second: of(Temporary), again: true, asked: true, want: Unknown},
		"temporary, second unknown": {first: of(Temporary), second: of(Unknown), asked: true, want: Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for kind, send := range map[string]func(f FailOver, first, second *provider) error{
				"mail": func(f FailOver, first, second *provider) error {
					_, err := EmailFailOver{f, first, second}.SendEmail(t.Context(), Email{})
					return err
				},
				"SMS": func(f FailOver, first, second *provider) error {
					_, err := SMSFailOver{f, first, second}.SendSMS(t.Context(), SMS{})
					return err
				},
			} {
				first, second, told := &provider{err: c.first}, &provider{err: c.second}, 0
				err := send(FailOver{SendAgain: c.again, Failed: func(context.Context, error) { told++ }}, first, second)
				if second.asked != c.asked || (err == nil) != c.sent || err != nil && ClassOf(err) != c.want {
					t.Errorf("%s: second asked: %v, error %v", kind, second.asked, err)
				}
				if (told == 1) != c.asked {
					t.Errorf("%s: told %d times", kind, told)
				}
			}
		})
	}
}

// A provider that hangs leaves time for the other.
func TestFailOverInTime(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 150*time.Millisecond)
	defer cancel()
	second := &provider{}
	id, err := EmailFailOver{FailOver{SendAgain: true}, &provider{stall: true}, second}.SendEmail(ctx, Email{})
	if err != nil || id != "id" || ctx.Err() != nil {
		t.Errorf("id %q, error %v, time is over: %v", id, err, ctx.Err())
	}
}
