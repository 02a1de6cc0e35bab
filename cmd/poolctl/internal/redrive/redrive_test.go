package redrive

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"
)

var now = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

// queue gives its messages out once, and knows what became of each.
type queue struct {
	bodies []string
	given  int
	did    map[string]string
}

func (q *queue) Receive(context.Context) ([]Message, error) {
	var out []Message
	for ; q.given < len(q.bodies) && len(out) < 2; q.given++ {
		out = append(out, Message{Body: q.bodies[q.given], Handle: fmt.Sprint(q.given)})
	}
	return out, nil
}

func (q *queue) Delete(_ context.Context, handle string) error { q.did[handle] = "deleted"; return nil }
func (q *queue) Release(_ context.Context, handle string) error {
	q.did[handle] = "released"
	return nil
}

type invoker struct {
	got []string
	err error
}

func (i *invoker) Invoke(_ context.Context, arn string, event []byte) error {
	i.got = append(i.got, arn+" "+string(event))
	return i.err
}

const sender = "arn:aws:lambda:eu-west-1:111122223333:function:ours-custom-email-sender:live"

// left is a record of an event that failed at some age for the third time.
func left(function, source, user string, age time.Duration) string {
	return fmt.Sprintf(`{"version":"1.0","timestamp":%q,"requestContext":{"requestId":"r","functionArn":%q,`+
		`"condition":"RetriesExhausted","approximateInvokeCount":3},"requestPayload":`+
		`{"triggerSource":%q,"userPoolId":"p","userName":%q,"request":{"code":"x"}}}`,
		now.Add(-age).Format("2006-01-02T15:04:05.000Z"), function, source, user)
}

func TestVerdicts(t *testing.T) {
	t.Parallel()
	const minute, other = time.Minute, "arn:aws:lambda:eu-west-1:111122223333:function:other"
	for name, c := range map[string]struct {
		body string
		want Verdict
	}{
		"sign-up":            {body: left(sender, "CustomEmailSender_SignUp", "a", 23*time.Hour), want: Valid},
		"old sign-up":        {body: left(sender, "CustomEmailSender_SignUp", "a", 24*time.Hour), want: Expired},
		"reset":              {body: left(sender, "CustomEmailSender_ForgotPassword", "a", 56*minute), want: Valid},
		"old reset":          {body: left(sender, "CustomEmailSender_ForgotPassword", "a", 58*minute), want: Expired},
		"sign-in":            {body: left(sender, "CustomEmailSender_Authentication", "a", minute), want: Expired},
		"password":           {body: left(sender, "CustomEmailSender_AdminCreateUser", "a", 6*24*time.Hour), want: Valid},
		"SMS":                {body: left(sender, "CustomSMSSender_SignUp", "a", minute), want: Valid},
		"another trigger's":  {body: left(sender, "PreSignUp_SignUp", "a", minute), want: Foreign},
		"another function's": {body: left(other, "CustomEmailSender_SignUp", "a", minute), want: Foreign},
		"no ARN":             {body: left("ours", "CustomEmailSender_SignUp", "a", minute), want: Foreign},
		"no record":          {body: "hello", want: Foreign},
		"no event":           {body: `{"requestContext":{"functionArn":"` + sender + `"}}`, want: Foreign},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := redriver(&queue{bodies: []string{c.body}, did: map[string]string{}}, nil)
			found, err := r.Read(t.Context())
			if err != nil || len(found) != 1 || found[0].Verdict != c.want || (found[0].Why != "") != (c.want == Foreign) {
				t.Errorf("got %+v, error %v, want %s", found, err, c.want)
			}
		})
	}
}

func redriver(q *queue, i *invoker) *Redriver {
	return &Redriver{Queue: q, Invoker: i, Function: "ours-custom-email-sender", Ages: Default(), Max: 100,
		Now: func() time.Time { return now }}
}

// Of several codes for one purpose only the last one works.
func TestLaterCodesReplaceEarlierOnes(t *testing.T) {
	t.Parallel()
	q := &queue{did: map[string]string{}, bodies: []string{
		left(sender, "CustomEmailSender_ResendCode", "a", 10*time.Minute),
		left(sender, "CustomEmailSender_SignUp", "a", 30*time.Minute),
		left(sender, "CustomEmailSender_SignUp", "b", 30*time.Minute),
		left(sender, "CustomEmailSender_ForgotPassword", "a", 20*time.Minute),
		left(sender, "CustomEmailSender_AccountTakeOverNotification", "a", 40*time.Minute),
		left(sender, "CustomEmailSender_AccountTakeOverNotification", "a", 35*time.Minute),
	}}
	found, err := redriver(q, nil).Read(t.Context())
	var got []string
	for _, e := range found {
		got = append(got, e.Source[len("CustomEmailSender_"):]+" "+e.user+" "+string(e.Verdict))
	}
	want := []string{"AccountTakeOverNotification a valid", "AccountTakeOverNotification a valid", "SignUp a superseded",
		"SignUp b valid", "ForgotPassword a valid", "ResendCode a valid"}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v, error %v", got, want, err)
	}
}

func TestSend(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"handled": {want: "deleted"}, "failed": {err: errors.New("no"), want: "released"},
		"not invoked": {err: errors.New("down"), want: "released"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := &queue{did: map[string]string{}, bodies: []string{left(sender, "CustomEmailSender_SignUp", "a", time.Hour),
				left(sender, "CustomEmailSender_SignUp", "b", 48*time.Hour)}}
			i := &invoker{err: c.err}
			r := redriver(q, i)
			found, err := r.Read(t.Context())
			if err != nil || len(found) != 2 {
				t.Fatal(found, err)
			}
			if err := r.Send(t.Context(), found[1]); (err != nil) != (c.err != nil) || q.did["0"] != c.want {
				t.Errorf("error %v, the queue did %v", err, q.did)
			}
			if err := r.Send(t.Context(), found[0]); err == nil {
				t.Error("an expired code was sent")
			}
			const payload = `{"triggerSource":"CustomEmailSender_SignUp","userPoolId":"p","userName":"a","request":{"code":"x"}}`
			if len(i.got) != 1 || i.got[0] != sender+" "+payload {
				t.Errorf("invoked %v", i.got)
			}
		})
	}
}
