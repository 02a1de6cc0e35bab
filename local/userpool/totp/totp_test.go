package totp

import (
	"encoding/base32"
	"strings"
	"testing"
	"time"
)

// rfcSecret is that of RFC 6238's appendix B, whose codes have eight digits; the last six are ours.
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
		want         int64 // 0: refused
	}{
		"right":                {rfcSecret, code(0), 0, step},
		"a period old":         {rfcSecret, code(-1), 0, step - 1},
		"a period early":       {rfcSecret, code(1), 0, step + 1},
		"two periods old":      {rfcSecret, code(-2), 0, 0},
		"two periods early":    {rfcSecret, code(2), 0, 0},
		"used before":          {rfcSecret, code(0), step, 0},
		"older than the last":  {rfcSecret, code(-1), step, 0},
		"newer than the last":  {rfcSecret, code(1), step, step + 1},
		"wrong":                {rfcSecret, "000000", 0, 0},
		"empty":                {rfcSecret, "", 0, 0},
		"with a digit more":    {rfcSecret, code(0) + "0", 0, 0},
		"small letters":        {strings.ToLower(rfcSecret), code(0), 0, step},
		"no secret":            {"", code(0), 0, 0},
		"secret of other text": {"1!", code(0), 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			got, ok := Check(test.secret, test.code, now, test.last)
			if ok != (test.want != 0) || ok && got != test.want || !ok && got != test.last {
				t.Errorf("got %d, %v, want %d", got, ok, test.want)
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
	if _, ok := Check(one, code, now, 0); !ok {
		t.Error("an own code was refused")
	}
	if _, err := Code("not base32!", now); err == nil {
		t.Error("a code was made of no secret")
	}
}

// FuzzCheck holds that only the three codes of the window pass, whatever the secret is.
func FuzzCheck(f *testing.F) {
	f.Add(rfcSecret, "005924", int64(1234567890), int64(0))
	f.Add("", "", int64(-1), int64(-5))
	f.Fuzz(func(t *testing.T, secret, code string, seconds, last int64) {
		now := time.Unix(seconds, 0)
		step, ok := Check(secret, code, now, last)
		if !ok {
			return
		}
		if shown, err := Code(secret, time.Unix(step*period, 0)); err != nil || shown != code || step <= last {
			t.Fatalf("passed: %q at step %d after %d", code, step, last)
		}
	})
}
