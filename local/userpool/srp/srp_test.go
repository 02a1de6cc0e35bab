package srp

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math/big"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"
)

// vector is a sign-in computed by amazon-cognito-identity-js 6.3.21, with the server's numbers computed by JavaScript's
// BigInt.
type vector struct {
	Name, Pool, Username, Password, Salt, ClientSecret, ServerSecret string
	SecretBlock, Timestamp, A, B, Verifier, Key, Signature           string
}

func vectors(t testing.TB) []vector {
	t.Helper()
	raw, err := os.ReadFile("testdata/amazon-cognito-identity-js.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Vectors []vector }
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Vectors) == 0 {
		t.Fatal("the file has no vectors")
	}
	return file.Vectors
}

func (v vector) verifier(t testing.TB) Verifier {
	return newVerifier(v.Pool, v.Username, v.Password, unhex(t, v.Salt))
}

func (v vector) session(t testing.TB) Session {
	t.Helper()
	block, err := base64.StdEncoding.DecodeString(v.SecretBlock)
	if err != nil {
		t.Fatal(err)
	}
	session, err := begin(v.verifier(t).known(), v.A, [exponentBytes]byte(unhex(t, v.ServerSecret)), block)
	if err != nil {
		t.Fatal(err)
	}
	return session
}

func unhex(t testing.TB, text string) []byte {
	t.Helper()
	raw, err := decodeHex(text)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestServerAgreesWithAmazonCognitoIdentityJS(t *testing.T) {
	for _, v := range vectors(t) {
		t.Run(v.Name, func(t *testing.T) {
			if got := group().raise(v.verifier(t).X).Text(16); got != v.Verifier {
				t.Errorf("verifier %s, want %s", got, v.Verifier)
			}
			session := v.session(t)
			if strings.TrimLeft(session.B, "0") != v.B {
				t.Errorf("B %s, want %s", session.B, v.B)
			}
			if got := hex.EncodeToString(session.Key); got != v.Key {
				t.Errorf("key %s, want %s", got, v.Key)
			}
			if err := session.Verify(v.SecretBlock, v.Timestamp, v.Signature); err != nil {
				t.Errorf("the client's claim: %v", err)
			}
		})
	}
}

func TestClientAgreesWithAmazonCognitoIdentityJS(t *testing.T) {
	for _, v := range vectors(t) {
		t.Run(v.Name, func(t *testing.T) {
			client := newClient("eu-west-1_"+v.Pool, "alias", v.Password, new(big.Int).SetBytes(unhex(t, v.ClientSecret)))
			if client.A() != v.A {
				t.Errorf("A %s, want %s", client.A(), v.A)
			}
			now, err := ParseTimestamp(v.Timestamp)
			if err != nil {
				t.Fatal(err)
			}
			got, err := client.Respond(map[string]string{
				"SALT": v.Salt, "SRP_B": v.B, "SECRET_BLOCK": v.SecretBlock, "USER_ID_FOR_SRP": v.Username,
			}, now.In(time.FixedZone("", 3600)))
			if err != nil {
				t.Fatal(err)
			}
			for name, want := range map[string]string{
				"USERNAME": v.Username, "TIMESTAMP": v.Timestamp,
				"PASSWORD_CLAIM_SECRET_BLOCK": v.SecretBlock, "PASSWORD_CLAIM_SIGNATURE": v.Signature,
			} {
				if got[name] != want {
					t.Errorf("%s %q, want %q", name, got[name], want)
				}
			}
		})
	}
}

func TestSignIn(t *testing.T) {
	verifier := NewVerifier("Qk7Lm2XyZ", "ines.moreau", "right horse")
	for name, test := range map[string]struct {
		pool, password string
		verifier       Verifier
		want           error
	}{
		"right password": {pool: "eu-west-1_Qk7Lm2XyZ", password: "right horse", verifier: verifier, want: nil},
		"wrong password": {
			pool:     "eu-west-1_Qk7Lm2XyZ",
			password: "right horsE",
			verifier: verifier,
			want:     ErrMismatch,
		},
		"empty password": {pool: "eu-west-1_Qk7Lm2XyZ", verifier: verifier, want: ErrMismatch},
		"password of another pool": {
			pool:     "eu-west-1_another",
			password: "right horse",
			verifier: verifier,
			want:     ErrMismatch,
		},
		"decoy": {
			pool:     "eu-west-1_Qk7Lm2XyZ",
			password: "right horse",
			verifier: Decoy([]byte("s"), "Qk7Lm2XyZ", "ines.moreau"),
			want:     ErrMismatch,
		},
		"no verifier": {pool: "eu-west-1_Qk7Lm2XyZ", verifier: Verifier{PoolName: "Qk7Lm2XyZ"}, want: ErrMismatch},
	} {
		t.Run(name, func(t *testing.T) {
			client := NewClient(test.pool, "ines@example.org", test.password)
			session, err := Begin(test.verifier, client.AuthParameters()["SRP_A"])
			if err != nil {
				t.Fatal(err)
			}
			answer, err := client.Respond(session.Parameters(), time.Now())
			if err != nil {
				t.Fatal(err)
			}
			err = session.Verify(answer["PASSWORD_CLAIM_SECRET_BLOCK"], answer["TIMESTAMP"], answer["PASSWORD_CLAIM_SIGNATURE"])
			if !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}

// If x counted as zero for a damaged verifier, anybody would know the key of its session.
func TestDamagedVerifierHasNoKnownKey(t *testing.T) {
	g := group()
	secret := big.NewInt(12345)
	public := new(big.Int).Exp(big.NewInt(2), secret, g.n)
	for name, x := range map[string][]byte{"none": nil, "cut": make([]byte, exponentBytes-1)} {
		t.Run(name, func(t *testing.T) {
			session, err := Begin(Verifier{PoolName: "pool", Username: "ines", Salt: []byte{1}, X: x}, public.Text(16))
			if err != nil {
				t.Fatal(err)
			}
			publicB, _ := parsePublic(session.B)
			shared := new(big.Int).Sub(publicB, g.k)
			shared.Exp(shared.Mod(shared, g.n), secret, g.n)
			key, err := sessionKey(shared, hashToInt(pad(public), pad(publicB)))
			if err != nil || bytes.Equal(key, session.Key) {
				t.Errorf("%v; key known without the password: %t", err, bytes.Equal(key, session.Key))
			}
		})
	}
}

func TestSessionSurvivesStorage(t *testing.T) {
	v := vectors(t)[0]
	stored, err := json.Marshal(v.session(t))
	if err != nil {
		t.Fatal(err)
	}
	var session Session
	if err := json.Unmarshal(stored, &session); err != nil {
		t.Fatal(err)
	}
	if err := session.Verify(v.SecretBlock, v.Timestamp, v.Signature); err != nil {
		t.Error(err)
	}
}

func TestVerifyRefuses(t *testing.T) {
	v := vectors(t)[0] // Sun Sep 6 04:05:09 UTC 2026
	session := v.session(t)
	other := base64.StdEncoding.EncodeToString([]byte("another challenge"))
	signed := func(timestamp string) string { // a client that knows the password but formats the time in its own way
		block, _ := base64.StdEncoding.DecodeString(v.SecretBlock)
		return base64.StdEncoding.EncodeToString(sign(session.Key, v.Pool, v.Username, block, timestamp))
	}
	for name, test := range map[string]struct {
		block, timestamp, signature string
		want                        error
	}{
		"another secret block": {block: other, timestamp: v.Timestamp, signature: v.Signature, want: ErrMismatch},
		"no secret block":      {block: "", timestamp: v.Timestamp, signature: v.Signature, want: ErrMismatch},
		"another time": {
			block:     v.SecretBlock,
			timestamp: "Sun Sep 6 04:05:10 UTC 2026",
			signature: v.Signature,
			want:      ErrMismatch,
		},
		"another signature": {block: v.SecretBlock, timestamp: v.Timestamp, signature: other, want: ErrMismatch},
		"no signature":      {block: v.SecretBlock, timestamp: v.Timestamp, want: ErrMismatch},
		"signature truncated": {
			block:     v.SecretBlock,
			timestamp: v.Timestamp,
			signature: v.Signature[:4],
			want:      ErrMismatch,
		},
		"signature not base64": {
			block:     v.SecretBlock,
			timestamp: v.Timestamp,
			signature: "%" + v.Signature,
			want:      ErrMismatch,
		},
		"day with a leading zero": {
			block:     v.SecretBlock,
			timestamp: "Sun Sep 06 04:05:09 UTC 2026",
			signature: signed("Sun Sep 06 04:05:09 UTC 2026"),
			want:      ErrMismatch,
		},
		"wrong day of the week": {
			block:     v.SecretBlock,
			timestamp: "Mon Sep 6 04:05:09 UTC 2026",
			signature: signed("Mon Sep 6 04:05:09 UTC 2026"),
			want:      ErrMismatch,
		},
		"no time": {block: v.SecretBlock, signature: v.Signature, want: ErrTimestamp},
		"time in another format": {
			block:     v.SecretBlock,
			timestamp: "2026-09-06T04:05:09Z",
			signature: v.Signature,
			want:      ErrTimestamp,
		},
		"time in another zone": {
			block:     v.SecretBlock,
			timestamp: "Sun Sep 6 04:05:09 IST 2026",
			signature: v.Signature,
			want:      ErrTimestamp,
		},
	} {
		t.Run(name, func(t *testing.T) {
			if err := session.Verify(test.block, test.timestamp, test.signature); !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
	t.Run("empty session", func(t *testing.T) {
		if err := (Session{}).Verify("", v.Timestamp, ""); !errors.Is(err, ErrMismatch) {
			t.Errorf("got %v", err)
		}
	})
}

func TestBeginRefusesPublicValues(t *testing.T) {
	n := group().n
	verifier := Verifier{Salt: []byte{1}, X: make([]byte, exponentBytes)}
	for name, a := range map[string]string{
		"empty":                "",
		"zero":                 "0",
		"many zeros":           strings.Repeat("0", 768),
		"the prime":            n.Text(16),
		"twice the prime":      new(big.Int).Lsh(n, 1).Text(16),
		"the prime plus one":   new(big.Int).Add(n, big.NewInt(1)).Text(16),
		"negative":             "-2",
		"signed":               "+2",
		"prefix":               "0x2",
		"not hexadecimal":      "xyz",
		"spaces":               " 2",
		"longer than a number": strings.Repeat("0", 800) + "2",
		"megabyte":             strings.Repeat("f", 1<<20),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Begin(verifier, a); !errors.Is(err, ErrPublicValue) {
				t.Errorf("got %v, want %v", err, ErrPublicValue)
			}
		})
	}
	for name, a := range map[string]string{
		"small":     "2",
		"capitals":  "ABCDEF",
		"sign byte": "00" + new(big.Int).Sub(n, big.NewInt(1)).Text(16),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Begin(verifier, a); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestRespondRefusesDamagedChallenges(t *testing.T) {
	client := NewClient("eu-west-1_a", "u", "p")
	good := func() map[string]string {
		return map[string]string{"SRP_B": "2", "SALT": "abc", "SECRET_BLOCK": "AAAA", "USER_ID_FOR_SRP": "u"}
	}
	if _, err := client.Respond(good(), time.Now()); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]string{"SRP_B": "0", "SALT": "x", "SECRET_BLOCK": "%"} {
		t.Run(name, func(t *testing.T) {
			parameters := good()
			parameters[name] = change
			if _, err := client.Respond(parameters, time.Now()); err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("got %v, want an error that names %s", err, name)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	verifier := NewVerifier("pool", "ines", "Пароль 🗝")
	for name, test := range map[string]struct {
		verifier Verifier
		password string
		want     bool
	}{
		"right": {verifier: verifier, password: "Пароль 🗝", want: true},
		"wrong": {verifier: verifier, password: "Пароль", want: false},
		"empty": {verifier: verifier, want: false},
		"another name": {
			verifier: Verifier{PoolName: "pool", Username: "other", Salt: verifier.Salt, X: verifier.X},
			password: "Пароль 🗝",
			want:     false,
		},
		"another salt": {
			verifier: Verifier{PoolName: "pool", Username: "ines", Salt: []byte{1}, X: verifier.X},
			password: "Пароль 🗝",
			want:     false,
		},
		"no verifier":      {verifier: Verifier{}, want: false},
		"verifier of ones": {verifier: Verifier{X: bytes.Repeat([]byte{0xff}, 500)}, want: false},
		"verifier truncated": {
			verifier: Verifier{PoolName: "pool", Username: "ines", Salt: verifier.Salt, X: verifier.X[:31]},
			password: "Пароль 🗝",
			want:     false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := test.verifier.Check(test.password); got != test.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestVerifiersAreSalted(t *testing.T) {
	a, b := NewVerifier("p", "u", "same"), NewVerifier("p", "u", "same")
	if bytes.Equal(a.Salt, b.Salt) || bytes.Equal(a.X, b.X) {
		t.Error("two verifiers of one password are equal")
	}
}

func TestDecoy(t *testing.T) {
	one := Decoy([]byte("secret"), "pool", "ghost")
	same := Decoy([]byte("secret"), "pool", "ghost")
	if !bytes.Equal(one.Salt, same.Salt) || !bytes.Equal(one.X, same.X) {
		t.Error("the decoy changes between calls")
	}
	for name, other := range map[string]Verifier{
		"another name":   Decoy([]byte("secret"), "pool", "ghost2"),
		"another pool":   Decoy([]byte("secret"), "pool2", "ghost"),
		"another secret": Decoy([]byte("secret2"), "pool", "ghost"),
	} {
		t.Run(name, func(t *testing.T) {
			if bytes.Equal(one.Salt, other.Salt) || bytes.Equal(one.X, other.X) {
				t.Error("the decoy does not change")
			}
		})
	}
	if len(one.Salt) != saltBytes {
		t.Errorf("the salt has %d bytes, a user's has %d", len(one.Salt), saltBytes)
	}
}

// Some clients read a salt as a number, others as bytes. Only without a leading zero byte do both agree.
func TestSaltsHaveNoLeadingZeroByte(t *testing.T) {
	if salt := unambiguous(make([]byte, saltBytes)); salt[0] == 0 {
		t.Error("the salt has a leading zero byte")
	}
}

func TestPoolName(t *testing.T) {
	for id, want := range map[string]string{"eu-west-1_Qk7Lm2XyZ": "Qk7Lm2XyZ", "local": "local", "eu-west-1_a_b": "a_b"} {
		if got := PoolName(id); got != want {
			t.Errorf("%s: %s, want %s", id, got, want)
		}
	}
}

// The table gives the same results as math/big.
func TestArithmetic(t *testing.T) {
	g := group()
	last := new(big.Int).Sub(g.n, big.NewInt(1))
	random := rand.NewChaCha8([32]byte{})
	number := func() *big.Int {
		raw := make([]byte, primeBytes)
		_, _ = random.Read(raw)
		x := new(big.Int).SetBytes(raw)
		return x.Mod(x, g.n)
	}
	check := func(x, y *big.Int) {
		t.Helper()
		want := new(big.Int).Mul(x, y)
		if want.Mod(want, g.n); g.mul(x, y).Cmp(want) != 0 {
			t.Fatalf("wrong %x * %x", x, y)
		}
	}
	for _, x := range []*big.Int{new(big.Int), big.NewInt(1), last} {
		check(x, last)
		check(x, number())
	}
	for range 200 {
		check(number(), number())
	}
	exponents := [][]byte{{}, {1}, {0x10, 31: 0}, {31: 1}}
	for _, length := range []int{exponentBytes, 2 * exponentBytes} {
		exponents = append(exponents, make([]byte, length), bytes.Repeat([]byte{0xff}, length))
		for range 50 {
			e := make([]byte, length)
			_, _ = random.Read(e)
			exponents = append(exponents, e)
		}
	}
	for _, e := range exponents {
		if want := new(big.Int).Exp(big.NewInt(2), new(big.Int).SetBytes(e), g.n); g.raise(e).Cmp(want) != 0 {
			t.Fatalf("wrong 2 to the power of %x", e)
		}
	}
}

// FuzzBegin checks that no SRP_A makes the server panic, and that it accepts only numbers between 1 and the prime.
func FuzzBegin(f *testing.F) {
	for _, seed := range []string{"", "0", "2", "-1", prime, "00" + prime, NewClient("p_a", "u", "p").A()} {
		f.Add(seed)
	}
	verifier := newVerifier("pool", "ines", "p", []byte{1})
	f.Fuzz(func(t *testing.T, a string) {
		session, err := Begin(verifier, a)
		value, isHex := new(big.Int).SetString(a, 16)
		inRange := isHex && value.Sign() > 0 && value.Cmp(group().n) < 0
		switch {
		case err != nil && !errors.Is(err, ErrPublicValue):
			t.Fatal(err)
		case err == nil && (!inRange || len(session.Key) != keyBytes || len(session.B) != 2*primeBytes):
			t.Fatalf("%q was accepted", a)
		}
	})
}

// FuzzVerify checks that only the client's own claim passes.
func FuzzVerify(f *testing.F) {
	v := vectors(f)[0]
	session := v.session(f)
	f.Add(v.SecretBlock, v.Timestamp, v.Signature)
	f.Add(v.SecretBlock, v.Timestamp, "")
	f.Add("", "Sun Sep 06 04:05:09 UTC 2026", v.Signature)
	f.Fuzz(func(t *testing.T, block, timestamp, signature string) {
		if session.Verify(block, timestamp, signature) != nil {
			return
		}
		decoded, _ := base64.StdEncoding.DecodeString(signature)
		want, _ := base64.StdEncoding.DecodeString(v.Signature)
		if block != v.SecretBlock || !bytes.Equal(decoded, want) {
			t.Fatalf("passed: %q %q %q", block, timestamp, signature)
		}
	})
}

func BenchmarkNewVerifier(b *testing.B) {
	for b.Loop() {
		NewVerifier("pool", "ines", "password")
	}
}

func BenchmarkCheck(b *testing.B) {
	v := NewVerifier("pool", "ines", "password")
	for b.Loop() {
		v.Check("password")
	}
}

func BenchmarkDecoy(b *testing.B) {
	for b.Loop() {
		Decoy([]byte("secret"), "pool", "ines")
	}
}

func BenchmarkBegin(b *testing.B) {
	v := vectors(b)[0]
	verifier := v.verifier(b)
	for b.Loop() {
		if _, err := Begin(verifier, v.A); err != nil {
			b.Fatal(err)
		}
	}
}
