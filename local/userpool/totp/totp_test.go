package totp

import (
	"encoding/base32"
	"strings"
	"testing"
	"time"
)

// rfcSecret is the secret in RFC 6238, appendix B. Its codes have eight digits; ours are the last six.
var rfcSecret = base32.StdEncoding.EncodeToString([]byte("12345678901234567890"))

func TestTOTPOfRFC6238(t *testing.T) {
	for seconds, want := range map[int64]string{
		59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037",
		20000000000: "353130",
	} {
		if got, err := Code(rfcSecret, time.Unix(seconds, 0)); got != want || err != nil {
			t.Errorf("at %d: %s, %v, want %s", seconds, got, err, want)
		}
	}
}

func TestCheck(t *testing.T) {
	now := time.Unix(1234567890, 0)
	const step = 1234567890 / period
	code := func(periods int) string {
		text, err := Code(rfcSecret, now.Add(time.Duration(periods)*period*time.Second))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	for name, test := range map[string]struct {
		secret, code string
		last         int64
		want         int64 // 0 if rejected
		used         bool
	}{
		"right":               {secret: rfcSecret, code: code(0), want: step},
		"one period old":      {secret: rfcSecret, code: code(-1), want: step - 1},
		"one period early":    {secret: rfcSecret, code: code(1), want: step + 1},
		"two periods old":     {secret: rfcSecret, code: code(-2), want: 0},
		"two periods early":   {secret: rfcSecret, code: code(2), want: 0},
		"used before":         {secret: rfcSecret, code: code(0), last: step, want: 0, used: true},
		"older than the last": {secret: rfcSecret, code: code(-1), last: step, want: 0, used: true},
		"too old, and used":   {secret: rfcSecret, code: code(-2), last: step, want: 0},
		"newer than the last": {secret: rfcSecret, code: code(1), last: step, want: step + 1},
		"wrong":               {secret: rfcSecret, code: "000000", want: 0},
		"empty":               {secret: rfcSecret, want: 0},
		"one digit too many":  {secret: rfcSecret, code: code(0) + "0", want: 0},
		"lower-case secret":   {secret: strings.ToLower(rfcSecret), code: code(0), want: step},
		"no secret":           {secret: "", code: code(0), want: 0},
		"invalid secret":      {secret: "1!", code: code(0), want: 0},
	} {
		t.Run(name, func(t *testing.T) {
			got, verdict := Check(test.secret, test.code, now, test.last)
			ok := verdict == Right
			if ok != (test.want != 0) || ok && got != test.want || !ok && got != test.last {
				t.Errorf("got %d, %v, want %d", got, verdict, test.want)
			}
			if (verdict == Used) != test.used {
				t.Errorf("verdict = %v, used before: %v", verdict, test.used)
			}
		})
	}
}

func TestSecrets(t *testing.T) {
	one, other := NewSecret(), NewSecret()
	if one == other || len(one) != 52 {
		t.Errorf("got %q, %q", one, other)
	}
	now := time.Now()
	code, err := Code(one, now)
	if err != nil {
		t.Fatal(err)
	}
	if _, verdict := Check(one, code, now, 0); verdict != Right {
		t.Error("a fresh code was rejected")
	}
	if _, err := Code("not base32!", now); err == nil {
		t.Error("got a code without a secret")
	}
}

// FuzzCheck checks that only the three codes of the window pass.
func FuzzCheck(f *testing.F) {
	f.Add(rfcSecret, "005924", int64(1234567890), int64(0))
	f.Add("", "", int64(-1), int64(-5))
	f.Fuzz(func(t *testing.T, secret, code string, seconds, last int64) {
		now := time.Unix(seconds, 0)
		step, verdict := Check(secret, code, now, last)
		if verdict != Right {
			return
		}
		if shown, err := Code(secret, time.Unix(step*period, 0)); err != nil || shown != code || step <= last {
			t.Fatalf("passed: %q at step %d after %d", code, step, last)
		}
	})
}
