package srp

import (
	"bytes"
	"errors"
	"math/big"
	"testing"
	"time"
)

const (
	testGroup  = "-v7w9UcY6"
	testDevice = "eu-west-1_6f0c1c9e-7d3a-4a55-9b57-0d1f5a3c2e11"
)

// proofOf answers a challenge of the device with the verifier as its client would.
func proofOf(t *testing.T, v DeviceVerifier, client *Client) error {
	t.Helper()
	session, err := BeginDevice(v, client.A())
	if err != nil {
		t.Fatal(err)
	}
	responses, err := client.Respond(session.Parameters(), time.Date(2026, 9, 6, 4, 5, 9, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	return session.Verify(session.SecretBlock, responses["TIMESTAMP"], responses["PASSWORD_CLAIM_SIGNATURE"])
}

func TestDeviceProof(t *testing.T) {
	salt, verifier := RegisterDevice(testGroup, testDevice, "secret")
	v, err := NewDeviceVerifier(testGroup, testDevice, salt, verifier)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		client *Client
		want   error
	}{
		"right":          {client: NewDeviceClient(testGroup, testDevice, "secret")},
		"wrong password": {client: NewDeviceClient(testGroup, testDevice, "Secret"), want: ErrMismatch},
		"another group":  {client: NewDeviceClient("-other000", testDevice, "secret"), want: ErrMismatch},
		"another device": {client: NewDeviceClient(testGroup, testDevice+"0", "secret"), want: ErrMismatch},
	} {
		t.Run(name, func(t *testing.T) {
			if err := proofOf(t, v, c.client); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

func TestDeviceVerifiersAreChecked(t *testing.T) {
	salt, verifier := RegisterDevice(testGroup, testDevice, "secret")
	n := group().n.Bytes()
	for name, c := range map[string]struct {
		salt, verifier []byte
		want           error
	}{
		"right":                {salt: salt, verifier: verifier},
		"with a leading zero":  {salt: salt, verifier: append([]byte{0}, verifier...)},
		"nothing":              {salt: salt, want: ErrVerifier},
		"zero":                 {salt: salt, verifier: []byte{0, 0}, want: ErrVerifier},
		"one":                  {salt: salt, verifier: []byte{1}, want: ErrVerifier},
		"minus one":            {salt: salt, verifier: new(big.Int).Sub(group().n, big.NewInt(1)).Bytes(), want: ErrVerifier},
		"the prime":            {salt: salt, verifier: n, want: ErrVerifier},
		"longer than a number": {salt: salt, verifier: bytes.Repeat([]byte{1}, primeBytes+1), want: ErrVerifier},
		"no salt":              {verifier: verifier, want: ErrVerifier},
		"long salt":            {salt: make([]byte, maxDeviceSalt+1), verifier: verifier, want: ErrVerifier},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := NewDeviceVerifier(testGroup, testDevice, c.salt, c.verifier); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

func BenchmarkBeginDevice(b *testing.B) {
	salt, verifier := RegisterDevice(testGroup, testDevice, "secret")
	v, err := NewDeviceVerifier(testGroup, testDevice, salt, verifier)
	if err != nil {
		b.Fatal(err)
	}
	client := NewDeviceClient(testGroup, testDevice, "secret")
	for b.Loop() {
		if _, err := BeginDevice(v, client.A()); err != nil {
			b.Fatal(err)
		}
	}
}
