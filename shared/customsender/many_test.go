package customsender

import (
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cognito-triggers/shared/sending"
)

// Each event is delivered 1 to 3 times, and where it fails up to twice more each time, as Lambda does; all deliveries
// are shuffled and run in parallel, and the provider fails at random. No message may be sent twice, each must be sent
// or in the queue of failures, and the counters must say the same. SENDER_EVENTS sets the number of events; make
// proofs has 10,000.
func TestManyDeliveries(t *testing.T) {
	t.Parallel()
	total := 600
	if given := os.Getenv("SENDER_EVENTS"); given != "" {
		var err error
		if total, err = strconv.Atoi(given); err != nil {
			t.Fatal(err)
		}
	}
	var seconds atomic.Int64
	began := time.Now()
	w := newWorld(t, func(w *world) {
		w.sender.MayDouble = false
		w.sender.PerRecipient = 0
		w.sender.Now = func() time.Time { return began.Add(time.Duration(seconds.Load()) * time.Second) }
	})
	w.fail = func(string) error {
		switch n := rand.IntN(10); {
		case n < 3:
			return failure(sending.Temporary)
		case n < 4:
			return failure(sending.Permanent)
		case n < 5:
			return failure(sending.Unknown) // accepted, and its answer lost
		}
		return nil
	}
	const attempts = 3
	type delivery struct{ message, attempt int }
	var pending []delivery
	for message := range total {
		for range 1 + rand.IntN(3) {
			pending = append(pending, delivery{message, 1})
		}
	}
	deliveries := len(pending)
	queue := make([]atomic.Bool, total)
	var invocations, failures atomic.Int64
	for len(pending) > 0 {
		rand.Shuffle(len(pending), func(i, j int) { pending[i], pending[j] = pending[j], pending[i] })
		var mu sync.Mutex
		var again []delivery
		next := make(chan delivery)
		var workers sync.WaitGroup
		for range 16 {
			workers.Go(func() {
				for d := range next {
					invocations.Add(1)
					err := w.deliver(t.Context(), event("SignUp", "code-"+strconv.Itoa(d.message), address, nil))
					switch {
					case err == nil:
						continue
					case d.attempt == attempts:
						queue[d.message].Store(true)
					default:
						mu.Lock()
						again = append(again, delivery{d.message, d.attempt + 1})
						mu.Unlock()
					}
					failures.Add(1)
				}
			})
		}
		for _, d := range pending {
			next <- d
		}
		close(next)
		workers.Wait()
		pending = again
		seconds.Add(60) // until Lambda's next attempt
	}
	sent, doubtful, queued := 0, 0, 0
	for message := range total {
		n := w.sent["SignUp code-"+strconv.Itoa(message)]
		if n > 1 {
			t.Errorf("message %d was sent %d times", message, n)
		}
		if n == 0 && !queue[message].Load() {
			t.Errorf("message %d was neither sent nor is it in the queue", message)
		}
		sent += n
		if queue[message].Load() {
			queued++
		}
	}
	accepted := w.count(MessagesSent)
	doubtful = sent - accepted // the provider accepted them, and the function does not know
	t.Logf("%d events, %d deliveries, %d invocations: %d sent and known, %d sent with the answer lost, %d in the queue",
		total, deliveries, invocations.Load(), accepted, doubtful, queued)
	if len(w.ids) != sent {
		t.Errorf("%d ids of %d messages", len(w.ids), sent)
	}
	if accepted+w.count(MessagesRepeated)+int(failures.Load()) != int(invocations.Load()) {
		t.Errorf("%d sent, %d repeated, %d failed of %d invocations", accepted, w.count(MessagesRepeated), failures.Load(),
			invocations.Load())
	}
	if doubtful > w.count(MessagesDoubtful) {
		t.Errorf("%d with a lost answer, %d counted", doubtful, w.count(MessagesDoubtful))
	}
}
