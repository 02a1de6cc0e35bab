package limits

import (
	"strconv"
	"testing"
	"time"
)

func TestStrangersTakeBoundedMemory(t *testing.T) {
	t.Parallel()
	a, now := Attempts{}, time.Now()
	a.Update(Subject{id: "user"}, "x", now, func(t *Tally) { t.Tries = 1 })
	for i := range 3 * maxStrangers {
		a.Update(Subject{id: strconv.Itoa(i), stranger: true}, "x", now, func(t *Tally) {
			t.Tries = 1
			t.Expires = now.Add(time.Hour)
		})
	}
	if len(a.strangers) > maxStrangers || len(a.order) > maxStrangers || len(a.users) > 1 {
		t.Errorf("%d strangers, %d in order, %d users", len(a.strangers), len(a.order), len(a.users))
	}
	for i := range 3 * sweepEvery {
		later := now.Add(time.Duration(i) * time.Hour)
		a.Update(Subject{id: strconv.Itoa(i)}, "y", later, func(t *Tally) { t.at = append(t.at, later) })
	}
	if len(a.users) > sweepEvery+2 {
		t.Errorf("%d users kept", len(a.users))
	}
}

func TestLockIsReset(t *testing.T) {
	t.Parallel()
	now := time.Now()
	var l Lockout
	for range 7 {
		l.Fail(now)
	}
	if !l.Holds(now.Add(3*time.Second)) || l.Holds(now.Add(4*time.Second)) {
		t.Errorf("locked until %v after %v", l.Until, now)
	}
	l.Fail(now.Add(20 * time.Minute))
	if l.Failures != 1 || l.Holds(now.Add(20*time.Minute)) {
		t.Errorf("lock = %+v, want one failure", l)
	}
}
