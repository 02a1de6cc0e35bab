package webauthn_test

import (
	"crypto/elliptic"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/fxamacker/cbor/v2"

	"cognito-triggers/local/userpool/webauthn"
	"cognito-triggers/local/userpool/webauthn/authenticator"
)

const (
	domain = "example.org"
	page   = "https://app.example.org"
	user   = "9f6c1a34-5b7d-4e21-8c0f-2d3e4f5a6b7c"
)

func ceremony(verified bool) webauthn.Ceremony {
	return webauthn.Ceremony{RelyingParty: domain, Challenge: webauthn.NewChallenge(), Verified: verified}
}

func device(t testing.TB, algorithm int) *authenticator.Authenticator {
	t.Helper()
	a, err := authenticator.New(algorithm)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func created(
	t testing.TB, a *authenticator.Authenticator, c webauthn.Ceremony, spoil ...func(*authenticator.Answer),
) []byte {
	t.Helper()
	options, err := json.Marshal(webauthn.NewCreationOptions(c, "ines", user, nil))
	if err != nil {
		t.Fatal(err)
	}
	credential, err := a.Create(options, page, spoil...)
	if err != nil {
		t.Fatal(err)
	}
	return credential
}

func register(text []byte, c webauthn.Ceremony) (webauthn.Credential, error) {
	r, err := webauthn.ParseRegistration(text)
	if err != nil {
		return webauthn.Credential{}, err
	}
	return r.Verify(c)
}

func asserted(
	t testing.TB, a *authenticator.Authenticator, c webauthn.Ceremony, spoil ...func(*authenticator.Answer),
) []byte {
	t.Helper()
	options, err := json.Marshal(webauthn.NewRequestOptions(c, nil))
	if err != nil {
		t.Fatal(err)
	}
	credential, err := a.Get(string(options), page, spoil...)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(credential)
}

func check(text []byte, c webauthn.Ceremony, of webauthn.Credential) (uint32, error) {
	a, err := webauthn.ParseAssertion(text)
	if err != nil {
		return 0, err
	}
	return a.Verify(c, of, user)
}

// cose returns a key with members of its own.
func cose(t testing.TB, members map[int]any) []byte {
	t.Helper()
	raw, err := cbor.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestRegistration(t *testing.T) {
	t.Parallel()
	curve := elliptic.P256().Params()
	x, y := curve.Gx.FillBytes(make([]byte, 32)), curve.Gy.FillBytes(make([]byte, 32))
	type answer = authenticator.Answer
	withKey := func(members map[int]any) func(*answer) {
		return func(a *answer) { a.Key = cose(t, members) }
	}
	modulus := func(size int) []byte { return append([]byte{0x80}, make([]byte, size-1)...) }
	for name, c := range map[string]struct {
		spoil    func(*answer)
		verified bool
		want     error
	}{
		"right":    {},
		"verified": {verified: true},
		"subdomain of another": {spoil: func(a *answer) { a.Origin = "https://example.org.evil.test" },
			want: webauthn.ErrOrigin},
		"similar domain":     {spoil: func(a *answer) { a.Origin = "https://notexample.org" }, want: webauthn.ErrOrigin},
		"page of an app":     {spoil: func(a *answer) { a.Origin = "android:apk-key-hash:xyz" }, want: webauthn.ErrOrigin},
		"by HTTP":            {spoil: func(a *answer) { a.Origin = "http://example.org" }, want: webauthn.ErrOrigin},
		"origin with a path": {spoil: func(a *answer) { a.Origin = "https://example.org/x" }, want: webauthn.ErrOrigin},
		"origin with a user": {spoil: func(a *answer) { a.Origin = "https://a@example.org" }, want: webauthn.ErrOrigin},
		"the domain itself":  {spoil: func(a *answer) { a.Origin = "https://example.org" }},
		"another port":       {spoil: func(a *answer) { a.Origin = "https://example.org:8443" }},
		"in a frame of another page": {spoil: func(a *answer) { a.CrossOrigin = true },
			want: webauthn.ErrOrigin},
		"below another page": {spoil: func(a *answer) { a.TopOrigin = "https://evil.test" }, want: webauthn.ErrOrigin},
		"answer to a sign-in": {spoil: func(a *answer) { a.Ceremony = "webauthn.get" },
			want: webauthn.ErrMalformed},
		"another challenge": {spoil: func(a *answer) { a.Challenge = webauthn.NewChallenge() },
			want: webauthn.ErrChallenge},
		"another relying party": {spoil: func(a *answer) { a.RelyingParty = "evil.test" }, want: webauthn.ErrRelyingParty},
		"nobody there": {spoil: func(a *answer) { a.Flags &^= authenticator.UserPresent },
			want: webauthn.ErrPresence},
		"not verified": {spoil: func(a *answer) { a.Flags &^= authenticator.UserVerified }, verified: true,
			want: webauthn.ErrPresence},
		"need not be verified": {spoil: func(a *answer) { a.Flags &^= authenticator.UserVerified }},
		"no credential":        {spoil: func(a *answer) { a.Flags = authenticator.UserPresent }, want: webauthn.ErrMalformed},
		"backed up, though not eligible": {spoil: func(a *answer) { a.Flags |= authenticator.BackedUp },
			want: webauthn.ErrMalformed},
		"extensions": {spoil: func(a *answer) {
			a.Flags, a.Extensions = a.Flags|authenticator.HasExtensions, cose(t, map[int]any{1: true})
		}},
		"extensions that are no map": {spoil: func(a *answer) {
			a.Flags, a.Extensions = a.Flags|authenticator.HasExtensions, []byte{0x01}
		}, want: webauthn.ErrMalformed},
		"data at the end": {spoil: func(a *answer) { a.ExtraDataAtEnd = []byte{0} }, want: webauthn.ErrMalformed},
		"another type":    {spoil: func(a *answer) { a.Type = "password" }, want: webauthn.ErrUnsupported},
		"no type":         {spoil: func(a *answer) { a.Type = "" }, want: webauthn.ErrMalformed},
		"attachment":      {spoil: func(a *answer) { a.Attachment = "glued" }, want: webauthn.ErrMalformed},
		"long transport": {spoil: func(a *answer) { a.Transports = []string{strings.Repeat("x", 33)} },
			want: webauthn.ErrMalformed},
		"attested": {spoil: func(a *answer) {
			a.Statement = map[string]any{"alg": -7, "sig": []byte{1}, "x5c": []any{[]byte{1}}}
		}},
		"statement that is no map": {spoil: func(a *answer) { a.Statement = 5 }, want: webauthn.ErrMalformed},
		"no CBOR": {spoil: func(a *answer) { a.AttestationData = []byte("{}") },
			want: webauthn.ErrMalformed},
		"deep CBOR": {spoil: func(a *answer) { a.AttestationData = []byte(strings.Repeat("\x81", 10_000) + "\x00") },
			want: webauthn.ErrMalformed},
		"key for another algorithm": {spoil: withKey(map[int]any{1: 1, 3: -8, -1: 6, -2: x}), want: webauthn.ErrUnsupported},
		"curve key for RS256": {spoil: withKey(map[int]any{1: 2, 3: webauthn.RS256, -1: 1, -2: x, -3: y}),
			want: webauthn.ErrUnsupported},
		"RSA key for ES256": {spoil: withKey(map[int]any{1: 3, 3: webauthn.ES256, -1: modulus(256), -2: []byte{1, 0, 1}}),
			want: webauthn.ErrUnsupported},
		"another curve": {spoil: withKey(map[int]any{1: 2, 3: webauthn.ES256, -1: 2, -2: x, -3: y}),
			want: webauthn.ErrUnsupported},
		"not on the curve": {spoil: withKey(map[int]any{1: 2, 3: webauthn.ES256, -1: 1, -2: x, -3: x}),
			want: webauthn.ErrMalformed},
		"the curve's zero": {spoil: withKey(map[int]any{1: 2, 3: webauthn.ES256, -1: 1, -2: make([]byte, 32),
			-3: make([]byte, 32)}), want: webauthn.ErrMalformed},
		"short coordinate": {spoil: withKey(map[int]any{1: 2, 3: webauthn.ES256, -1: 1, -2: x[1:], -3: y}),
			want: webauthn.ErrMalformed},
		"RSA key": {spoil: withKey(map[int]any{1: 3, 3: webauthn.RS256, -1: modulus(256), -2: []byte{1, 0, 1}})},
		"short RSA key": {spoil: withKey(map[int]any{1: 3, 3: webauthn.RS256, -1: modulus(255), -2: []byte{1, 0, 1}}),
			want: webauthn.ErrUnsupported},
		"largest RSA key": {spoil: withKey(map[int]any{1: 3, 3: webauthn.RS256, -1: modulus(512), -2: []byte{1, 0, 1}})},
		"larger RSA key": {spoil: withKey(map[int]any{1: 3, 3: webauthn.RS256, -1: modulus(513), -2: []byte{1, 0, 1}}),
			want: webauthn.ErrUnsupported},
		"exponent 1": {spoil: withKey(map[int]any{1: 3, 3: webauthn.RS256, -1: modulus(256), -2: []byte{1}}),
			want: webauthn.ErrMalformed},
		"even exponent": {spoil: withKey(map[int]any{1: 3, 3: webauthn.RS256, -1: modulus(256), -2: []byte{1, 0}}),
			want: webauthn.ErrMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked, a := ceremony(c.verified), device(t, webauthn.ES256)
			var spoil []func(*answer)
			if c.spoil != nil {
				spoil = append(spoil, c.spoil)
			}
			got, err := register(created(t, a, asked, spoil...), asked)
			if !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
			if c.want == nil && string(got.ID) != string(a.ID) {
				t.Errorf("id %x, want %x", got.ID, a.ID)
			}
		})
	}
}

func TestAssertion(t *testing.T) {
	t.Parallel()
	type answer = authenticator.Answer
	for name, c := range map[string]struct {
		algorithm int
		spoil     func(*answer)
		of        func(t *testing.T, c *webauthn.Credential)
		verified  bool
		want      error
	}{
		"right":              {},
		"by RS256":           {algorithm: webauthn.RS256},
		"no user handle":     {spoil: func(a *answer) { a.User = nil }},
		"wrong signature":    {spoil: func(a *answer) { a.WrongSignature = true }, want: webauthn.ErrSignature},
		"foreign credential": {spoil: func(a *answer) { a.ID = []byte("another") }, want: webauthn.ErrUser},
		"user handle of another": {spoil: func(a *answer) { a.User = []byte("another") },
			want: webauthn.ErrUser},
		"wrong origin": {spoil: func(a *answer) { a.Origin = "https://evil.test" }, want: webauthn.ErrOrigin},
		"crossOrigin":  {spoil: func(a *answer) { a.CrossOrigin = true }, want: webauthn.ErrOrigin},
		"wrong relying party": {spoil: func(a *answer) { a.RelyingParty = "evil.test" },
			want: webauthn.ErrRelyingParty},
		"wrong type":        {spoil: func(a *answer) { a.Ceremony = "webauthn.create" }, want: webauthn.ErrMalformed},
		"another challenge": {spoil: func(a *answer) { a.Challenge += "x" }, want: webauthn.ErrChallenge},
		"UP is missing":     {spoil: func(a *answer) { a.Flags &^= authenticator.UserPresent }, want: webauthn.ErrPresence},
		"UV is missing": {spoil: func(a *answer) { a.Flags &^= authenticator.UserVerified }, verified: true,
			want: webauthn.ErrPresence},
		"UV need not be there": {spoil: func(a *answer) { a.Flags &^= authenticator.UserVerified }},
		"became eligible for backups": {spoil: func(a *answer) { a.Flags |= authenticator.BackupEligible },
			want: webauthn.ErrMalformed},
		"counter goes back": {spoil: func(a *answer) { a.Counter = 1 }, want: webauthn.ErrCounter},
		"counter stays":     {spoil: func(a *answer) { a.Counter = 5 }, want: webauthn.ErrCounter},
		"counter ends":      {spoil: func(a *answer) { a.Counter = 0 }, want: webauthn.ErrCounter},
		"no counter": {spoil: func(a *answer) { a.Counter = 0 },
			of: func(_ *testing.T, c *webauthn.Credential) { c.Counter = 0 }},
		"key of another": {of: func(t *testing.T, c *webauthn.Credential) { c.Key = keyOf(t, webauthn.ES256) },
			want: webauthn.ErrSignature},
		"algorithm confusion, RSA key": {of: func(t *testing.T, c *webauthn.Credential) { c.Key = keyOf(t, webauthn.RS256) },
			want: webauthn.ErrSignature},
		"algorithm confusion, curve key": {algorithm: webauthn.RS256,
			of: func(t *testing.T, c *webauthn.Credential) { c.Key = keyOf(t, webauthn.ES256) }, want: webauthn.ErrSignature},
		"data at the end": {spoil: func(a *answer) { a.ExtraDataAtEnd = []byte{1} }, want: webauthn.ErrMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.algorithm == 0 {
				c.algorithm = webauthn.ES256
			}
			a := device(t, c.algorithm)
			asked := ceremony(false)
			of, err := register(created(t, a, asked), asked)
			if err != nil {
				t.Fatal(err)
			}
			of.Counter, a.Counter = 5, 5
			var spoil []func(*answer)
			if c.spoil != nil {
				spoil = append(spoil, c.spoil)
			}
			if c.of != nil {
				c.of(t, &of)
			}
			asked = ceremony(c.verified)
			counter, err := check(asserted(t, a, asked, spoil...), asked, of)
			if !errors.Is(err, c.want) {
				t.Fatalf("error %v, want %v", err, c.want)
			}
			if want := uint32(6); c.want == nil && of.Counter > 0 && counter != want {
				t.Errorf("counter %d, want %d", counter, want)
			}
		})
	}
}

func keyOf(t *testing.T, algorithm int) []byte {
	t.Helper()
	key, err := device(t, algorithm).Key()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// At localhost, browsers have passkeys without HTTPS.
func TestOrigins(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		origin, relyingParty string
		want                 error
	}{
		"localhost":              {origin: "http://localhost", relyingParty: "localhost"},
		"localhost with a port":  {origin: "http://localhost:3000", relyingParty: "localhost"},
		"localhost by HTTPS":     {origin: "https://localhost:3000", relyingParty: "localhost"},
		"below localhost":        {origin: "http://app.localhost:3000", relyingParty: "localhost"},
		"this machine's address": {origin: "http://127.0.0.1:3000", relyingParty: "localhost", want: webauthn.ErrOrigin},
		"localhost of another": {origin: "http://localhost.evil.test", relyingParty: "localhost",
			want: webauthn.ErrOrigin},
		"localhost for a domain":     {origin: "http://localhost", relyingParty: domain, want: webauthn.ErrOrigin},
		"the parent of the domain":   {origin: "https://org", relyingParty: domain, want: webauthn.ErrOrigin},
		"another case":               {origin: "https://EXAMPLE.org", relyingParty: domain, want: webauthn.ErrOrigin},
		"no relying party":           {origin: "https://example.org", relyingParty: "", want: webauthn.ErrOrigin},
		"no host":                    {origin: "https://", relyingParty: domain, want: webauthn.ErrOrigin},
		"an origin that is no URL":   {origin: "https://exa mple.org", relyingParty: domain, want: webauthn.ErrOrigin},
		"the origin of a sandbox":    {origin: "null", relyingParty: domain, want: webauthn.ErrOrigin},
		"a domain's end as its name": {origin: "https://.example.org", relyingParty: domain},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked := webauthn.Ceremony{RelyingParty: c.relyingParty, Challenge: webauthn.NewChallenge()}
			text := created(t, device(t, webauthn.ES256), asked, func(a *authenticator.Answer) { a.Origin = c.origin })
			if _, err := register(text, asked); !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
		})
	}
}

// A browser writes names of members exactly; a page cannot add its own.
func TestClientDataHasExactNames(t *testing.T) {
	t.Parallel()
	asked := ceremony(false)
	for name, text := range map[string]string{
		"in capitals": `{"TYPE":"webauthn.create","CHALLENGE":"` + asked.Challenge + `","ORIGIN":"` + page + `"}`,
		"no object":   `[]`, "nothing": ``, "null": `null`,
		"a number": `{"type":"webauthn.create","challenge":5,"origin":"x"}`,
	} {
		var credential map[string]any
		if err := json.Unmarshal(created(t, device(t, webauthn.ES256), asked), &credential); err != nil {
			t.Fatal(err)
		}
		credential["response"].(map[string]any)["clientDataJSON"] = webauthn.Encode([]byte(text))
		raw, err := json.Marshal(credential)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := register(raw, asked); !errors.Is(err, webauthn.ErrMalformed) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// Only clientDataJSON and attestationObject of a new credential's response are needed.
func TestShortRegistration(t *testing.T) {
	t.Parallel()
	asked := ceremony(false)
	var in struct {
		ID, Type string
		Response struct{ ClientDataJSON, AttestationObject string }
	}
	if err := json.Unmarshal(created(t, device(t, webauthn.ES256), asked), &in); err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(map[string]any{"id": in.ID, "type": in.Type, "response": map[string]string{
		"clientDataJSON": in.Response.ClientDataJSON, "attestationObject": in.Response.AttestationObject,
	}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := register(raw, asked); err != nil {
		t.Error(err)
	}
}
