package domains_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"cognito-triggers/local/domains"
)

// Also if several programs make it at once.
func TestTheAuthorityStays(t *testing.T) {
	t.Parallel()
	build := filepath.Join(t.TempDir(), "build")
	all := make([][]byte, 4)
	var group sync.WaitGroup
	for n := range all {
		group.Go(func() {
			a, err := domains.OpenAuthority(build)
			if err != nil {
				t.Error(err)
				return
			}
			all[n] = a.PEM()
		})
	}
	group.Wait()
	for _, text := range all {
		if !bytes.Equal(text, all[0]) {
			t.Error("two programs have different authorities")
		}
	}
	if text, err := os.ReadFile(filepath.Join(build, domains.CertFile)); err != nil || !bytes.Equal(text, all[0]) {
		t.Errorf("the certificate's file: %s, %v", text, err)
	}
	info, err := os.Stat(filepath.Join(build, domains.KeyFile))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v: others can read the key", info.Mode(), err)
	}
	if left, err := os.ReadDir(build); err != nil || len(left) != 2 {
		t.Errorf("left: %v, %v", left, err)
	}
	if removed, err := domains.RemoveAuthority(build); err != nil || len(removed) != 2 {
		t.Errorf("removed %v, %v", removed, err)
	}
	if removed, err := domains.RemoveAuthority(build); err != nil || removed != nil {
		t.Errorf("removed %v, %v", removed, err)
	}
	if again, err := domains.OpenAuthority(build); err != nil || bytes.Equal(again.PEM(), all[0]) {
		t.Errorf("the authority is the same after RemoveAuthority, error %v", err)
	}
}

func TestAuthoritiesThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	build := t.TempDir()
	path := filepath.Join(build, domains.KeyFile)
	key := func() string {
		other := t.TempDir()
		if _, err := domains.OpenAuthority(other); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(other, domains.KeyFile))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	first, second := key(), key()
	private, _, _ := strings.Cut(first, "-----BEGIN CERTIFICATE")
	_, certificate, _ := strings.Cut(second, "-----BEGIN CERTIFICATE")
	for name, text := range map[string]string{
		"empty": "", "cut": first[:len(first)/2], "without a certificate": private,
		"of two authorities": private + "-----BEGIN CERTIFICATE" + certificate,
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := domains.OpenAuthority(build)
		if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "poolctl reset") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Trusting the authority is harmless: what it signs for other names, other purposes or other authorities is refused,
// even if somebody has its key.
func TestTheAuthorityIsGoodForThisMachineAlone(t *testing.T) {
	t.Parallel()
	build := t.TempDir()
	a, err := domains.OpenAuthority(build)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(build, domains.KeyFile))
	if err != nil {
		t.Fatal(err)
	}
	block, rest := pem.Decode(text)
	stolen, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	block, _ = pem.Decode(rest)
	issuer, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		leaf    x509.Certificate
		host    string
		usage   x509.ExtKeyUsage
		trusted bool
	}{
		"localhost":       {leaf: x509.Certificate{DNSNames: []string{"localhost"}}, host: "localhost", trusted: true},
		"127.0.0.1":       {leaf: x509.Certificate{IPAddresses: []net.IP{{127, 0, 0, 1}}}, host: "127.0.0.1", trusted: true},
		"another site":    {leaf: x509.Certificate{DNSNames: []string{"bank.example"}}, host: "bank.example"},
		"another address": {leaf: x509.Certificate{IPAddresses: []net.IP{{10, 0, 0, 1}}}, host: "10.0.0.1"},
		"with another site": {
			leaf: x509.Certificate{DNSNames: []string{"localhost", "bank.example"}}, host: "localhost"},
		"a client": {leaf: x509.Certificate{
			DNSNames: []string{"localhost"}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
		}, host: "localhost", usage: x509.ExtKeyUsageClientAuth},
	} {
		if c.usage == x509.ExtKeyUsageAny {
			c.usage = x509.ExtKeyUsageServerAuth
			c.leaf.ExtKeyUsage = []x509.ExtKeyUsage{c.usage}
		}
		c.leaf.SerialNumber, c.leaf.NotAfter = big.NewInt(1), time.Now().Add(time.Hour)
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		der, err := x509.CreateCertificate(rand.Reader, &c.leaf, issuer, key.Public(), stolen)
		if err != nil {
			t.Fatal(err)
		}
		leaf, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		_, err = leaf.Verify(x509.VerifyOptions{
			Roots: a.Pool(), DNSName: c.host, KeyUsages: []x509.ExtKeyUsage{c.usage},
		})
		if (err == nil) != c.trusted {
			t.Errorf("%s: error %v, trusted: %v", name, err, c.trusted)
		}
	}
}
