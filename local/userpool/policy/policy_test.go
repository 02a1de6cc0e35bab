package policy

import (
	"encoding/base32"
	"strings"
	"testing"
	"time"
)

func TestTemporaryPasswordsFit(t *testing.T) {
	for name, test := range map[string]struct {
		policy Password
		length int
		has    []string
		lacks  []string
	}{
		"nothing demanded": {Password{}, 12, []string{lower, numbers}, []string{symbols}},
		"everything":       {Password{8, true, true, true, true}, 12, []string{lower, upper, numbers, symbols}, nil},
		"long":             {Password{99, true, true, true, true}, 99, []string{lower, upper, numbers, symbols}, nil},
		"beyond the limit": {Password{MinimumLength: 1000}, 256, []string{lower}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			for range 100 {
				got := test.policy.Temporary()
				if len(got) != test.length {
					t.Fatalf("%d characters, want %d", len(got), test.length)
				}
				for _, class := range test.has {
					if !strings.ContainsAny(got, class) {
						t.Fatalf("%q has none of %q", got, class)
					}
				}
				for _, class := range test.lacks {
					if strings.ContainsAny(got, class) {
						t.Fatalf("%q has some of %q", got, class)
					}
				}
			}
		})
	}
}

func TestTemporaryPasswordsDiffer(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		seen[Password{}.Temporary()] = true
	}
	if len(seen) != 100 {
		t.Errorf("%d different ones of 100", len(seen))
	}
}

// rfcSecret is that of RFC 6238's appendix B, whose codes have eight digits; the last six are ours.
var rfcSecret = base32.StdEncoding.EncodeToString([]byte("12345678901234567890"))

func TestTOTPOfRFC6238(t *testing.T) {
	for seconds, want := range map[int64]string{
		59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130",
	} {
		if got, err := TOTP(rfcSecret, time.Unix(seconds, 0)); got != want || err != nil {
			t.Errorf("at %d: %s, %v, want %s", seconds, got, err, want)
		}
	}
}

func TestCheckTOTP(t *testing.T) {
	now := time.Unix(1234567890, 0)
	const step = 1234567890 / totpPeriod
	code := func(periods int) string {
		text, err := TOTP(rfcSecret, now.Add(time.Duration(periods)*totpPeriod*time.Second))
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
			got, ok := CheckTOTP(test.secret, test.code, now, test.last)
			if ok != (test.want != 0) || ok && got != test.want || !ok && got != test.last {
				t.Errorf("got %d, %v, want %d", got, ok, test.want)
			}
		})
	}
}

func TestTOTPSecrets(t *testing.T) {
	one, other := NewTOTPSecret(), NewTOTPSecret()
	if one == other || len(one) != 52 {
		t.Errorf("got %q, %q", one, other)
	}
	now := time.Now()
	code, err := TOTP(one, now)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := CheckTOTP(one, code, now, 0); !ok {
		t.Error("an own code was refused")
	}
	if _, err := TOTP("not base32!", now); err == nil {
		t.Error("a code was made of no secret")
	}
}

// FuzzCheckTOTP holds that only the three codes of the window pass, whatever the secret is.
func FuzzCheckTOTP(f *testing.F) {
	f.Add(rfcSecret, "005924", int64(1234567890), int64(0))
	f.Add("", "", int64(-1), int64(-5))
	f.Fuzz(func(t *testing.T, secret, code string, seconds, last int64) {
		now := time.Unix(seconds, 0)
		step, ok := CheckTOTP(secret, code, now, last)
		if !ok {
			return
		}
		if shown, err := TOTP(secret, time.Unix(step*totpPeriod, 0)); err != nil || shown != code || step <= last {
			t.Fatalf("passed: %q at step %d after %d", code, step, last)
		}
	})
}
