package challenge

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
)

var (
	began = time.Date(2026, 3, 14, 15, 9, 26, 0, time.UTC)
	rules = Policy{
		Digits: 8, CodeLasts: 5 * time.Minute, LinkLasts: 15 * time.Minute, Resend: time.Minute,
		Sends: Rolling{Most: 3, Within: time.Hour},
	}
	wrongs = Rolling{Most: 5, Within: time.Hour}
	key    = KeyOf([]byte("secret"), User{PoolID: "eu-west-1_Qk7Lm2XyZ", Name: "ines"})
)

func mustAsk(t *testing.T, r Record, m Method, at time.Time) (Record, Offer) {
	t.Helper()
	r, offer, err := r.Ask(rules, m, key, at)
	if err != nil {
		t.Fatal(err)
	}
	return r, offer
}

func claim(m Method, o Offer, answer string) Claim { return Claim{Method: m, ID: o.ID, Answer: answer} }

// A code is good until the last second before its end, and within ten minutes whatever the settings say.
func TestClockEdges(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		method Method
		after  time.Duration
		want   Verdict
	}{
		"code at once":          {EmailCode, 0, Right},
		"code in time":          {EmailCode, 5*time.Minute - time.Second, Right},
		"code at its end":       {EmailCode, 5 * time.Minute, Unevaluated},
		"text message too late": {SMSCode, 6 * time.Minute, Unevaluated},
		"link in time":          {MagicLink, 15*time.Minute - time.Second, Right},
		"link at its end":       {MagicLink, 15 * time.Minute, Unevaluated},
		"a day later":           {MagicLink, 24 * time.Hour, Unevaluated},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, offer := mustAsk(t, Record{}, c.method, began)
			if _, got := r.Answer(wrongs, claim(c.method, offer, offer.Secret), key, began.Add(c.after)); got != c.want {
				t.Errorf("verdict %v, want %v", got, c.want)
			}
		})
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	r, offer := mustAsk(t, Record{}, EmailCode, began)
	r, link := mustAsk(t, r, MagicLink, began)
	spaced := offer.Secret[:4] + " " + offer.Secret[4:] + "\n"
	other := KeyOf([]byte("secret"), User{PoolID: "eu-west-1_Qk7Lm2XyZ", Name: "paul"})
	for name, c := range map[string]struct {
		claim Claim
		key   Key
		want  Verdict
	}{
		"right":                    {claim(EmailCode, offer, offer.Secret), key, Right},
		"with a space":             {claim(EmailCode, offer, spaced), key, Right},
		"with a hyphen":            {claim(EmailCode, offer, offer.Secret[:4]+"-"+offer.Secret[4:]), key, Right},
		"wrong":                    {claim(EmailCode, offer, "none"), key, Wrong},
		"empty":                    {claim(EmailCode, offer, ""), key, Wrong},
		"longer":                   {claim(EmailCode, offer, offer.Secret+"0"), key, Wrong},
		"the hash":                 {claim(EmailCode, offer, r.Code.Hash), key, Wrong},
		"of another challenge":     {Claim{EmailCode, "other", offer.Secret}, key, Unevaluated},
		"by another way":           {claim(SMSCode, offer, offer.Secret), key, Unevaluated},
		"of another user":          {claim(EmailCode, offer, offer.Secret), other, Wrong},
		"link":                     {claim(MagicLink, link, link.Secret), key, Right},
		"link in any session":      {Claim{MagicLink, "", link.Secret}, key, Right},
		"link as a code":           {Claim{EmailCode, link.ID, link.Secret}, key, Unevaluated},
		"code as a link":           {Claim{MagicLink, "", offer.Secret}, key, Wrong},
		"link of another session":  {Claim{MagicLink, "other", link.Secret}, key, Unevaluated},
		"no method":                {Claim{"", offer.ID, offer.Secret}, key, Unevaluated},
		"the round of the choices": {Claim{Choose, offer.ID, offer.Secret}, key, Unevaluated},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			changed, got := r.clone().Answer(wrongs, c.claim, c.key, began)
			if got != c.want {
				t.Fatalf("verdict %v, want %v", got, c.want)
			}
			if same := reflect.DeepEqual(changed, r); same != (c.want == Unevaluated) {
				t.Errorf("an answer that was %v leaves the record as it was: %v", got, same)
			}
			if _, again := changed.Answer(wrongs, c.claim, c.key, began); c.want == Right && again != Unevaluated {
				t.Errorf("the same answer again: %v", again)
			}
		})
	}
}

// A new sign-in has a new code, but no new tries: what counts is the user, in any stretch of time.
func TestWrongAnswersCountAcrossSignIns(t *testing.T) {
	t.Parallel()
	generous := rules
	generous.Sends.Most, generous.Resend = 100, 0
	r, now, evaluated := Record{}, began, 0
	for range 20 {
		var offer Offer
		var err error
		if r, offer, err = r.Ask(generous, EmailCode, key, now); err != nil {
			t.Fatal(err)
		}
		var verdict Verdict
		if r, verdict = r.Answer(wrongs, claim(EmailCode, offer, "none"), key, now); verdict != Unevaluated {
			evaluated++
		}
		if _, verdict = r.Answer(wrongs, claim(EmailCode, offer, offer.Secret), key, now); evaluated == wrongs.Most &&
			verdict != Unevaluated {
			t.Fatalf("a right answer after %d wrong ones: %v", evaluated, verdict)
		}
		now = now.Add(time.Minute)
	}
	if evaluated != wrongs.Most {
		t.Errorf("%d wrong answers were evaluated in 20 minutes, want %d", evaluated, wrongs.Most)
	}
	// The first wrong answer no longer counts after an hour: one more is evaluated, not five.
	now = began.Add(time.Hour)
	r, offer, _ := r.Ask(generous, EmailCode, key, now)
	for i, want := range []Verdict{Wrong, Unevaluated} {
		var got Verdict
		if r, got = r.Answer(wrongs, claim(EmailCode, offer, "none"), key, now); got != want {
			t.Errorf("answer %d after an hour: %v, want %v", i, got, want)
		}
	}
	if len(r.Wrong) > wrongs.Most {
		t.Errorf("the record has %d times", len(r.Wrong))
	}
}

func TestMessages(t *testing.T) {
	t.Parallel()
	type ask struct {
		after   time.Duration
		method  Method
		sends   bool
		tooMany bool
		wait    time.Duration
	}
	for name, asks := range map[string][]ask{
		"again too early": {
			{0, MagicLink, true, false, time.Minute}, {59 * time.Second, MagicLink, false, false, time.Second},
			{time.Minute, MagicLink, true, false, time.Minute},
		},
		"each way has its own wait": {
			{0, EmailCode, true, false, time.Minute}, {0, MagicLink, true, false, time.Minute},
			{0, SMSCode, true, false, time.Minute},
		},
		"three in an hour": {
			{0, EmailCode, true, false, time.Minute}, {time.Minute, EmailCode, true, false, time.Minute},
			{2 * time.Minute, SMSCode, true, false, time.Minute}, {3 * time.Minute, EmailCode, false, true, 0},
			{3 * time.Minute, MagicLink, false, true, 0}, {time.Hour - time.Second, EmailCode, false, true, 0},
			{time.Hour, EmailCode, true, false, time.Minute}, {time.Hour + time.Second, MagicLink, false, true, 0},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := Record{}
			for i, a := range asks {
				var offer Offer
				var err error
				r, offer, err = r.Ask(rules, a.method, key, began.Add(a.after))
				if (offer.Secret != "") != a.sends || errors.Is(err, ErrTooMany) != a.tooMany || offer.Wait != a.wait {
					t.Errorf("request %d: %+v, error %v", i, offer, err)
				}
			}
		})
	}
}

// Cognito may deliver the event of a request again: the second answer must lead to the code that was sent.
func TestRepeatedRequestLeadsToTheSameCode(t *testing.T) {
	t.Parallel()
	r, first := mustAsk(t, Record{}, EmailCode, began)
	r, again := mustAsk(t, r, EmailCode, began.Add(time.Second))
	if again.Secret != "" || again.ID != first.ID {
		t.Fatalf("first %+v, then %+v", first, again)
	}
	if _, got := r.Answer(wrongs, claim(EmailCode, again, first.Secret), key, began); got != Right {
		t.Errorf("verdict %v", got)
	}
}

// A link for one session alone is no use to whoever asks for one at the same time.
func TestLinkStaysWithItsSession(t *testing.T) {
	t.Parallel()
	for name, elsewhere := range map[string]bool{"same session only": false, "any device": true} {
		p := rules
		p.LinkOnOtherDevices = elsewhere
		r, first, err := Record{}.Ask(p, MagicLink, key, began)
		if err != nil {
			t.Fatal(err)
		}
		r, other, err := r.Ask(p, MagicLink, key, began)
		if err != nil || (other.ID == first.ID) != elsewhere {
			t.Errorf("%s: the other session has the same id: %v, error %v", name, other.ID == first.ID, err)
		}
		id := p.Challenge(MagicLink, other).PrivateChallengeParameters[PrivateID]
		want := map[bool]Verdict{false: Unevaluated, true: Right}[elsewhere]
		if _, got := r.Answer(wrongs, Claim{MagicLink, id, first.Secret}, key, began); got != want {
			t.Errorf("%s: verdict %v in the other session, want %v", name, got, want)
		}
	}
}

// A sign-in shortly after another one must not send a second link: the wait goes on after the first was used.
func TestWaitGoesOnAfterUse(t *testing.T) {
	t.Parallel()
	r, offer := mustAsk(t, Record{}, MagicLink, began)
	r, _ = r.Answer(wrongs, claim(MagicLink, offer, offer.Secret), key, began)
	r, again := mustAsk(t, r, MagicLink, began.Add(30*time.Second))
	if again.Secret != "" || again.Wait != 30*time.Second {
		t.Errorf("offer %+v", again)
	}
	if _, got := r.Answer(wrongs, claim(MagicLink, offer, offer.Secret), key, began); got != Unevaluated {
		t.Errorf("the used link: %v", got)
	}
}

// Codes have the length asked for, and every digit at every place equally often.
func TestCodes(t *testing.T) {
	t.Parallel()
	const many = 20_000
	for _, digits := range []int{6, 8} {
		counts := make([][10]int, digits)
		for range many {
			code := newCode(digits)
			if len(code) != digits || strings.Trim(code, "0123456789") != "" {
				t.Fatalf("code %q", code)
			}
			for place, digit := range []byte(code) {
				counts[place][digit-'0']++
			}
		}
		for place, row := range counts {
			for digit, n := range row {
				if n < many/10*85/100 || n > many/10*115/100 { // seven standard deviations
					t.Errorf("%d digits: %d stands %d times at place %d of %d codes", digits, digit, n, place, many)
				}
			}
		}
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	of := func(secret, pool, name string) Key { return KeyOf([]byte(secret), User{PoolID: pool, Name: name}) }
	if of("s", "p", "Ines@Example.org") != of("s", "p", "ines@example.org") {
		t.Error("spellings of a name have limits of their own")
	}
	base := of("s", "p", "ines")
	for name, other := range map[string]Key{
		"secret": of("t", "p", "ines"), "pool": of("s", "q", "ines"), "name": of("s", "p", "paul"),
		"cut": of("s", "pi", "nes"),
	} {
		if other == base || other.RecordName() == base.RecordName() || other.hash("i", "1") == base.hash("i", "1") {
			t.Errorf("another %s has the same key", name)
		}
	}
	if strings.Contains(base.RecordName(), "ines") || base.hash("i", "1") == base.hash("j", "1") {
		t.Error("a name in the open, or a hash without its challenge")
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	const page = "https://app.example.org/sign-in"
	for name, c := range map[string]struct {
		address string
		fine    bool
	}{
		"https":             {page, true},
		"with a query":      {page + "?a=b", true},
		"local":             {"http://localhost:3000/in", true},
		"local by number":   {"http://127.0.0.1:3000/in", true},
		"plain http":        {"http://app.example.org/in", false},
		"user":              {"https://app.example.org@evil.example/in", false},
		"fragment":          {page + "#x", false},
		"script":            {"javascript:alert(1)", false},
		"app scheme":        {"shop://sign-in", false},
		"wildcard":          {"https://*.example.org/in", false},
		"no host":           {"https:///in", false},
		"relative":          {"/in", false},
		"local look-alike":  {"http://localhost.evil.example/in", false},
		"control character": {"https://app.example.org/\x00", false},
	} {
		if _, err := ParsePages([]string{c.address}); (err == nil) != c.fine {
			t.Errorf("%s: error %v", name, err)
		}
	}
	pages, err := ParsePages([]string{page, "https://admin.example.org/in"})
	if err != nil {
		t.Fatal(err)
	}
	second := "https://admin.example.org/in"
	for asked, want := range map[string]string{"": page, page: page, second: second} {
		if got, err := pages.Choose(asked); err != nil || got != want {
			t.Errorf("%q: %q, error %v", asked, got, err)
		}
	}
	for _, foreign := range []string{
		"https://evil.example/sign-in", "http://app.example.org/sign-in", "https://app.example.org@evil.example/sign-in",
		"https://evil@app.example.org/sign-in", "https://app.example.org/redirect?to=https://evil.example", page + "/",
		page + "#x", "https://app.example.org.evil.example/sign-in", "HTTPS://APP.EXAMPLE.ORG/sign-in", " " + page,
		"//app.example.org/sign-in", "javascript:alert(1)", "https://app.example.org:8443/sign-in",
	} {
		if got, err := pages.Choose(foreign); !errors.Is(err, ErrForeignPage) || got != "" {
			t.Errorf("%q: %q, error %v", foreign, got, err)
		}
	}
}

// Whatever the name holds, it stays in the fragment.
func TestLinkKeepsItsFragment(t *testing.T) {
	t.Parallel()
	got := Link("https://app.example.org/in", "a&token=x#\" <b>@example.org", "T0KEN")
	const want = "https://app.example.org/in#token=T0KEN&user=a%26token%3Dx%23%22+%3Cb%3E%40example.org"
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
