package sendercode

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	mpltypes "github.com/aws/aws-cryptographic-material-providers-library/releases/go/mpl/awscryptographymaterialproviderssmithygeneratedtypes"

	"cognito-triggers/shared/scrub"
	"cognito-triggers/shared/settings"
)

func TestDecrypt(t *testing.T) {
	t.Parallel()
	_, config := newKMS(t)
	committing := form{mpltypes.ESDKCommitmentPolicyRequireEncryptAllowDecrypt,
		mpltypes.ESDKAlgorithmSuiteIdAlgAes256GcmHkdfSha512CommitKeyEcdsaP384}
	ours := seal(t, config, cognitos, key, bindTo(pool), "394017")
	if !strings.HasPrefix(ours, "AYADe") {
		t.Fatalf("the test's code does not begin like Cognito's: %.10s", ours)
	}
	for name, c := range map[string]struct {
		code, pool string
		keys       []string
		want       string // plaintext, or a part of the error
		refused    bool
	}{
		"Cognito's suite":    {code: ours, pool: pool, want: "394017"},
		"a committing suite": {code: seal(t, config, committing, key, bindTo(pool), "394017"), pool: pool, want: "394017"},
		"a password": {
			code: seal(t, config, cognitos, key, bindTo(pool), "a&lt;&amp;&gt;é"), pool: pool, want: "a&lt;&amp;&gt;é",
		},
		"one of two keys": {code: ours, pool: pool, keys: []string{otherKey, key}, want: "394017"},
		"another pool's": {
			code: seal(t, config, cognitos, key, bindTo("eu-west-1_Other"), "394017"), pool: pool,
			want: "not bound to the event's user pool", refused: true,
		},
		"of no pool": {
			code: seal(t, config, cognitos, key, map[string]string{"a": "b"}, "394017"), pool: pool,
			want: "KMS cannot decrypt its data key", refused: true,
		},
		"no pool in the event": {code: ours, pool: "", want: "names no user pool", refused: true},
		"another key": {
			code: seal(t, config, cognitos, otherKey, bindTo(pool), "394017"), pool: pool, want: "under none of the keys",
			refused: true,
		},
		"truncated":  {code: ours[:len(ours)-8], pool: pool, want: "damaged", refused: true},
		"twice":      {code: ours[:len(ours)/4*4-4] + ours, pool: pool, want: "refused", refused: true},
		"not base64": {code: "123 456", pool: pool, want: "not base64", refused: true},
		"plain":      {code: "MTIzNDU2", pool: pool, want: "damaged", refused: true},
		"empty":      {code: "", pool: pool, want: "not base64", refused: true},
		"huge":       {code: strings.Repeat("A", maxCode+4), pool: pool, want: "longer than", refused: true},
		"control code": {
			code: seal(t, config, cognitos, key, bindTo(pool), "1\n2"), pool: pool, want: "control", refused: true,
		},
		"no text": {
			code: seal(t, config, cognitos, key, bindTo(pool), "\xff"), pool: pool, want: "neither", refused: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			keys := c.keys
			if keys == nil {
				keys = []string{key}
			}
			got, err := New(config, keys...).Decrypt(t.Context(), c.pool, c.code)
			if c.refused != errors.Is(err, ErrRefused) || !c.refused && (err != nil || got != c.want) ||
				c.refused && (got != "" || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %q, error %v; want %q", got, err, c.want)
			}
			if err != nil && (strings.Contains(err.Error(), "%!") || len(err.Error()) > 200) {
				t.Errorf("not a text for people: %s", err)
			}
		})
	}
}

// No byte of a message can change.
func TestFlippedBits(t *testing.T) {
	t.Parallel()
	_, config := newKMS(t)
	message, err := base64.StdEncoding.DecodeString(seal(t, config, cognitos, key, bindTo(pool), "394017"))
	if err != nil {
		t.Fatal(err)
	}
	d := New(config, key)
	for i := 0; i < len(message); i += 5 {
		message[i] ^= 1 << (i % 8)
		got, err := d.Decrypt(t.Context(), pool, base64.StdEncoding.EncodeToString(message))
		message[i] ^= 1 << (i % 8)
		if got != "" || !errors.Is(err, ErrRefused) {
			t.Errorf("byte %d: got %q, error %v", i, got, err)
		}
	}
}

func TestTroubleInKMS(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fail  http.HandlerFunc
		want  string
		limit time.Duration
		calls int
	}{
		"denies": {
			fail: refuse(400, "AccessDeniedException"), calls: 1,
			want: "check the function's role, and that the key is enabled: KMS Decrypt: AccessDeniedException",
		},
		"disabled": {fail: refuse(400, "DisabledException"), want: "KMS Decrypt: DisabledException", calls: 1},
		"throttles": {
			fail: refuse(400, "ThrottlingException"), want: "decrypt the code: KMS Decrypt: ThrottlingException", calls: 3,
		},
		"fails": {fail: refuse(500, "KMSInternalException"), want: "KMS Decrypt: KMSInternalException", calls: 3},
		"hangs": {
			fail: func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
			want: "decrypt the code: context deadline exceeded", limit: time.Second, calls: 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake, config := newKMS(t)
			code := seal(t, config, cognitos, key, bindTo(pool), "394017")
			fake.mu.Lock()
			fake.fail, fake.calls = c.fail, 0
			fake.mu.Unlock()
			ctx, began := t.Context(), time.Now()
			if c.limit > 0 {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, c.limit)
				defer cancel()
			}
			_, err := New(config, key).Decrypt(ctx, pool, code)
			if err == nil || errors.Is(err, ErrRefused) || !strings.Contains(scrub.ErrorText(err), c.want) {
				t.Fatalf("error %v, want one with %q that is no refusal", err, c.want)
			}
			if text := scrub.ErrorText(err); strings.Contains(text, "Y2FuYXJ5") {
				t.Errorf("KMS's text is in the log: %s", text)
			}
			if took := time.Since(began); c.limit > 0 && took > c.limit+2*time.Second {
				t.Errorf("took %v", took)
			}
			fake.mu.Lock()
			defer fake.mu.Unlock()
			if fake.calls != c.calls {
				t.Errorf("%d calls, want %d", fake.calls, c.calls)
			}
		})
	}
}

func TestAnEndedContextCallsNobody(t *testing.T) {
	t.Parallel()
	fake, config := newKMS(t)
	code := seal(t, config, cognitos, key, bindTo(pool), "394017")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := New(config, key).Decrypt(ctx, pool, code)
	if !errors.Is(err, context.Canceled) || fake.calls != 1 {
		t.Errorf("error %v, %d calls", err, fake.calls)
	}
}

func TestPassword(t *testing.T) {
	t.Parallel()
	for plaintext, want := range map[string]string{
		"a&lt;&amp;&gt;b": "a<&>b", "&amp;lt;": "&lt;", "Xk4-tPz9!": "Xk4-tPz9!", "&quot;&#39;": `"'`,
	} {
		if got := Password(plaintext); got != want {
			t.Errorf("%s: got %s, want %s", plaintext, got, want)
		}
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ key, old, want string }{
		"a key":           {key: key},
		"and an old one":  {key: key, old: otherKey},
		"none":            {want: KeySetting + " is not set"},
		"an alias":        {key: "arn:aws:kms:eu-west-1:1:alias/codes", want: KeySetting + " is not the ARN of a key"},
		"an id":           {key: "1f5e1b6c-3f0a-4d8e-9c55-0f9f1f4f7a10", want: KeySetting + " is not the ARN of a key"},
		"an old alias":    {key: key, old: "alias/codes", want: OldKeysSetting + " is not the ARN of a key"},
		"a key's pattern": {key: key[:len(key)-4] + "*", want: KeySetting + " is not the ARN of a key"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			environment := onLambda("http://127.0.0.1:1")
			environment[KeySetting], environment[OldKeysSetting] = c.key, c.old
			env := settings.FromMap(environment)
			FromSettings(env)
			if err := env.Err(); (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("problem %v, want %q", err, c.want)
			}
		})
	}
}

func BenchmarkDecrypt(b *testing.B) {
	_, config := newKMS(b)
	code := seal(b, config, cognitos, key, bindTo(pool), "394017")
	d := New(config, key)
	for b.Loop() {
		if _, err := d.Decrypt(b.Context(), pool, code); err != nil {
			b.Fatal(err)
		}
	}
}
