package e2e

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cognito-triggers/local/timing"
	"cognito-triggers/shared/challenge"
	"cognito-triggers/shared/trigger"
)

// size returns a test's size: small in `make test`, whole in `make test-passwordless`.
func size(t *testing.T, small int, variable string) int {
	t.Helper()
	n, err := strconv.Atoi(cmp.Or(os.Getenv(variable), strconv.Itoa(small)))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// atOnce runs do n times, as many at once as the functions have processes.
func atOnce(n int, do func(i int)) {
	var group sync.WaitGroup
	slots := make(chan struct{}, 32)
	for i := range n {
		group.Go(func() {
			slots <- struct{}{}
			do(i)
			<-slots
		})
	}
	group.Wait()
}

// Of many parallel answers, in as many sign-ins, five are evaluated; of many right answers at once, one signs in.
func TestParallelCodes(t *testing.T) {
	p := newPasswordless(t, nil)
	attempts := size(t, 24, "PASSWORDLESS_ATTEMPTS")
	t.Run("guesses", func(t *testing.T) {
		const email = "guessed@example.org"
		p.user(t, email)
		sessions := make([]string, attempts)
		atOnce(attempts, func(i int) { sessions[i] = p.session(t, email) })
		mails := p.mails(t, email)
		if len(mails) != 1 {
			t.Fatalf("%d mails for %d sign-ins within a minute, want 1", len(mails), attempts)
		}
		code, err := strconv.Atoi(mailedCode.FindString(mails[0]))
		if err != nil {
			t.Fatal(err)
		}
		var in atomic.Int32
		atOnce(attempts, func(i int) { // all wrong
			out, err := p.answer(t, sessions[i], email, fmt.Sprintf("%08d", (code+1+i)%100_000_000), nil)
			if hasTokens(out, err) {
				in.Add(1)
			}
		})
		out, err := p.answer(t, p.session(t, email), email, fmt.Sprintf("%08d", code), nil)
		if in.Load() > 0 || hasTokens(out, err) {
			t.Errorf("%d wrong answers signed in; the right one after them: %v", in.Load(), hasTokens(out, err))
		}
		evaluated := p.counted(t, "AnswersWrong") + p.counted(t, "AnswersRight")
		ignored := p.counted(t, "AnswersUnevaluated")
		t.Logf("%d attempts: %d evaluated, %d not", attempts, evaluated, ignored)
		if evaluated != 5 || evaluated+ignored < attempts {
			t.Errorf("%d answers were evaluated and %d not, of %d", evaluated, ignored, attempts+1)
		}
	})
	t.Run("right answers", func(t *testing.T) {
		const email = "right@example.org"
		many := size(t, 24, "PASSWORDLESS_RIGHT_ANSWERS")
		p.user(t, email)
		sessions := make([]string, many)
		atOnce(many, func(i int) { sessions[i] = p.session(t, email) })
		mails := p.mails(t, email)
		code := mailedCode.FindString(mails[len(mails)-1])
		var in atomic.Int32
		atOnce(many, func(i int) {
			if hasTokens(p.answer(t, sessions[i], email, code, nil)) {
				in.Add(1)
			}
		})
		t.Logf("%d right answers at once: %d sign-ins, %d mails", many, in.Load(), len(mails))
		if in.Load() != 1 || len(mails) != 1 {
			t.Errorf("%d of %d right answers signed in, after %d mails", in.Load(), many, len(mails))
		}
	})
}

// shape is what a client sees of a challenge, without what is random and the seconds that have passed.
func shape(parameters map[string]string) string {
	own := maps.Clone(parameters)
	if _, there := own["wait"]; there {
		own["wait"] = "WAIT"
	}
	own["USERNAME"] = strings.Map(func(r rune) rune { // a UUID, for users who exist and who do not
		if r == '-' {
			return r
		}
		return 'x'
	}, own["USERNAME"])
	return fmt.Sprint(own)
}

// Users who exist and who do not get the same answers, in the same time.
func TestUnknownUsersCannotBeTold(t *testing.T) {
	const floor = 250 * time.Millisecond
	p := newPasswordless(t, map[string]string{"ANSWER_AFTER_MS": strconv.FormatInt(floor.Milliseconds(), 10)})
	users := size(t, 6, "PASSWORDLESS_USERS")
	name := func(i int, known bool) string { return fmt.Sprintf("user%04d%t@example.org", i, known) }
	for i := range users {
		p.user(t, name(i, true))
	}
	var order []timing.Sample
	for i := range 2 * users {
		order = append(order, timing.Sample{Took: time.Duration(i / 2), Known: i%2 == 0})
	}
	rand.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	var mu sync.Mutex
	var begun, answered []timing.Sample
	shapes := map[string]int{}
	measure := func(s timing.Sample) {
		email := name(int(s.Took), s.Known)
		began := time.Now()
		out, err := p.begin(t, email)
		first := time.Since(began)
		if err != nil {
			t.Error(err)
			return
		}
		began = time.Now()
		next, err := p.answer(t, *out.Session, email, "none", nil)
		second := time.Since(began)
		if err != nil {
			t.Error(err)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		begun = append(begun, timing.Sample{Took: first, Known: s.Known})
		answered = append(answered, timing.Sample{Took: second, Known: s.Known})
		shapes[shape(out.ChallengeParameters)+" then "+shape(next.ChallengeParameters)]++
	}
	for _, warm := range []string{"warm1@example.org", "warm2@example.org", "warm3@example.org"} {
		p.session(t, warm)
	}
	var group sync.WaitGroup
	work := make(chan timing.Sample)
	for range 4 {
		group.Go(func() {
			for s := range work {
				measure(s)
			}
		})
	}
	for _, s := range order {
		work <- s
	}
	close(work)
	group.Wait()
	if len(shapes) != 1 {
		t.Errorf("the answers differ: %v", shapes)
	}
	sent, mails := 0, p.allMails(t)
	for i := range users {
		sent += len(mails[name(i, true)])
		if none := len(mails[name(i, false)]); none > 0 {
			t.Errorf("%d mails to nobody", none)
		}
	}
	if sent != users {
		t.Errorf("%d mails to %d users", sent, users)
	}
	for what, samples := range map[string][]timing.Sample{"InitiateAuth": begun, "RespondToAuthChallenge": answered} {
		value := timing.AUC(samples)
		t.Logf("%s, %d users who exist and as many who do not: AUC %.3f", what, users, value)
		if whole := users >= 500; whole && timing.Tells(value) {
			t.Errorf("%s: the time tells who exists: AUC %.3f", what, value)
		}
	}
	for _, s := range begun {
		if s.Took < floor {
			t.Errorf("InitiateAuth took %v, which is less than the floor", s.Took)
		}
	}
	if late := p.counted(t, "AnsweredLate"); late > users/50 {
		t.Errorf("%d answers were later than the floor", late)
	}
}

// A code or link is good for one sign-in; one of the same user in another session, too, if that is set.
func TestLinksAndDevices(t *testing.T) {
	const page = "https://app.example.org/sign-in"
	for device, elsewhere := range map[string]bool{"same": false, "any": true} {
		t.Run(device, func(t *testing.T) {
			p := newPasswordless(t, map[string]string{
				"EMAIL_CODE": "false", "MAGIC_LINK": "true", "LINK_PAGES": page, "LINK_DEVICE": device,
			})
			email := device + "@example.org"
			p.user(t, email)
			choose := func(session, method string) string {
				t.Helper()
				if !elsewhere {
					return session // there is nothing to choose
				}
				out, err := p.answer(t, session, email, method, map[string]string{challenge.MetadataMethod: method})
				if err != nil {
					t.Fatal(err)
				}
				return *out.Session
			}
			asked := choose(p.session(t, email), "MAGIC_LINK")
			_, fragment, _ := strings.Cut(mailedLink.FindString(p.mails(t, email)[0]), "#token=")
			token, _, _ := strings.Cut(fragment, "&")
			other := choose(p.session(t, email), "HAVE_LINK")
			if got := hasTokens(p.answer(t, other, email, token, nil)); got != elsewhere {
				t.Errorf("in another session: signed in %v, want %v", got, elsewhere)
			}
			if got := hasTokens(p.answer(t, asked, email, token, nil)); got == elsewhere {
				t.Errorf("in the session that asked, after the other one: signed in %v, want %v", got, !elsewhere)
			}
			if mails := p.mails(t, email); len(mails) != 1 {
				t.Errorf("%d mails, want 1", len(mails))
			}
		})
	}
}

// challengeSettings are settings of create-auth-challenge and verify-auth-challenge-response on the shared stack.
func challengeSettings() map[string]string {
	return map[string]string{
		"CHALLENGES_TABLE": local.TableNames()["challenges"], "EMAIL_FROM": sender, "ANSWER_AFTER_MS": "0",
	}
}

// Without the table nobody gets in, and without the mail everybody gets the same challenge; all in time.
func TestStalledChallenges(t *testing.T) {
	create := event(t, "CreateAuthChallenge_Authentication", "", person("eu-west-1_Stalled00", "s", "stalled@example.org"))
	verify := event(t, "VerifyAuthChallengeResponse_Authentication", "", func(e, _ members) {
		e["request"].(members)["privateChallengeParameters"] = members{"challenge": "EMAIL_CODE", "id": "1"}
	})
	for name, c := range map[string]struct {
		trigger, service string
		event            []byte
		answers          string // "": refused
		counter          string
	}{
		"a code without DynamoDB":    {trigger: "create-auth-challenge", service: dynamoDB, event: create},
		"an answer without DynamoDB": {trigger: "verify-auth-challenge-response", service: dynamoDB, event: verify},
		"a code without SES": {
			trigger: "create-auth-challenge", service: ses, event: create, answers: `"challenge":"EMAIL_CODE"`,
			counter: "MessagesLost"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stalled := newStalled(t)
			f := start(t, c.trigger, with(challengeSettings(), c.service, stalled.url))
			got := f.invoke(t, c.event)
			if got.took > inTime || stalled.taken.Load() == 0 {
				t.Errorf("it took %v, with %d connections", got.took, stalled.taken.Load())
			}
			if c.answers == "" && got.refused != trigger.GenericMessage(got.requestID) ||
				c.answers != "" && !strings.Contains(string(got.answer), c.answers) {
				t.Errorf("answer %s, error %q", got.answer, got.refused)
			}
			f.Kill()
			if c.counter != "" && f.counted(c.counter) != 1 {
				t.Errorf("%s is %d, want 1", c.counter, f.counted(c.counter))
			}
		})
	}
}
