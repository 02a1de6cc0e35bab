package e2e

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"cognito-triggers/local/lambdaruntime"
)

// parallel is the number of concurrent events.
const parallel = 16

const sender = "welcome@example.com"

// confirming starts post-confirmation with welcome mail enabled.
func confirming(t *testing.T, settings map[string]string) function {
	t.Helper()
	if err := local.Emulator.VerifyEmailIdentity(t.Context(), sender); err != nil {
		t.Fatal(err)
	}
	all := map[string]string{"WELCOME_EMAIL_FROM": sender}
	maps.Copy(all, settings)
	return start(t, "post-confirmation", all)
}

// inParallel calls deliver for each user in deliveries.
func inParallel(users []int, deliver func(user int)) {
	queue := make(chan int)
	var workers sync.WaitGroup
	for range parallel {
		workers.Go(func() {
			for user := range queue {
				deliver(user)
			}
		})
	}
	for _, user := range users {
		queue <- user
	}
	close(queue)
	workers.Wait()
}

func TestManyConfirmationsInParallel(t *testing.T) {
	c := newCrowd(1000)
	f := confirming(t, nil)
	deliveries, _ := c.deliveries(t)
	inParallel(deliveries, func(user int) {
		e := c.confirmation(t, user)
		f.invoke(t, e).passed(t, e)
	})
	c.checkProfiles(t)
	for i, mails := range c.mails(t) {
		if mails != 1 {
			t.Errorf("user %d has %d welcome mails, want 1", i, mails)
		}
	}
}

// Processes are killed while they handle events, after random numbers of deliveries. Whatever was in progress, the next
// delivery finds a complete profile or none.
func TestConfirmationsWithProcessesKilled(t *testing.T) {
	const kills = 20
	c := newCrowd(300)
	f := confirming(t, nil)
	deliveries, random := c.deliveries(t)
	killAt := map[int64]bool{}
	for len(killAt) < kills {
		killAt[1+random.Int64N(int64(len(deliveries)))] = true
	}
	var delivered, died atomic.Int64
	inParallel(deliveries, func(user int) {
		if killAt[delivered.Add(1)] {
			f.Kill()
		}
		result, _ := f.InvokeAsCognito(context.Background(), c.confirmation(t, user))
		for _, attempt := range result.Attempts {
			if attempt.Err != nil {
				died.Add(1)
				wantDeath(t, attempt.Err)
			}
		}
	})
	if died.Load() == 0 {
		t.Error("no process was killed while it handled an event, so nothing was tested")
	}
	t.Logf("%d attempts died", died.Load())
	for i := range c.size {
		if p := stored(t, c.key(i)); p != nil {
			c.checkProfile(t, i, *p)
		}
	}
	inParallel(slices.Collect(c.everybody), func(user int) {
		e := c.confirmation(t, user)
		f.invoke(t, e).passed(t, e)
	})
	c.checkProfiles(t)
	lost := 0
	for i, mails := range c.mails(t) {
		if mails > 1 {
			t.Errorf("user %d has %d welcome mails, want at most 1", i, mails)
		}
		if mails == 0 {
			lost++
		}
	}
	if int64(lost) > died.Load() {
		t.Errorf("%d mails were lost, but only %d attempts died", lost, died.Load())
	}
}

// wantDeath accepts only the errors of a killed process.
func wantDeath(t *testing.T, err error) {
	t.Helper()
	var crash *lambdaruntime.CrashError
	var init *lambdaruntime.InitError
	if !errors.As(err, &crash) && !errors.As(err, &init) {
		t.Errorf("error %v, want a killed process", err)
	}
}

// A process dies before or after each call; the next delivery repeats whatever is safe to repeat.
func TestConfirmationDiesAtEachCall(t *testing.T) {
	cases := []struct {
		name      string
		dieBefore string // die instead of this operation
		dieAfter  string // die after this operation, before its response
		wantMails int
	}{
		{name: "before the profile is stored", dieBefore: "PutItem", wantMails: 1},
		{name: "after the profile is stored", dieAfter: "PutItem", wantMails: 1},
		{name: "before the mail is claimed", dieBefore: "UpdateItem", wantMails: 1},
		{name: "after the mail is claimed", dieAfter: "UpdateItem"}, // it is unknown whether it was sent
		{name: "before the mail is sent", dieBefore: "SendEmail"},
		{name: "after the mail is sent", dieAfter: "SendEmail", wantMails: 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			gate := newGate(t)
			f := confirming(t, map[string]string{
				"AWS_ENDPOINT_URL":          gate.url,
				"AWS_ENDPOINT_URL_DYNAMODB": gate.url,
				"AWS_ENDPOINT_URL_SESV2":    gate.url,
			})
			gate.before, gate.after = killOnce(f, c.dieBefore), killOnce(f, c.dieAfter)
			one := newCrowd(1)
			e := one.confirmation(t, 0)
			_, err := f.Invoke(t.Context(), e)
			wantDeath(t, err)
			f.invoke(t, e).passed(t, e)
			one.checkProfiles(t)
			if mails := one.mails(t)[0]; mails != c.wantMails {
				t.Errorf("%d welcome mails, want %d", mails, c.wantMails)
			}
		})
	}
}
