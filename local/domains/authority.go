package domains

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"

	"cognito-triggers/local/wholefile"
)

// The names of the authority's files in the build folder.
const (
	KeyFile  = "local-ca-key.pem" // its key and certificate; only its owner can read it
	CertFile = "local-ca.pem"     // its certificate, for clients
)

const (
	lifetime     = 10 * 365 * 24 * time.Hour
	leafLifetime = 397 * 24 * time.Hour // the longest that browsers take
	early        = time.Hour            // certificates are valid from before now, for clocks that are behind
)

const (
	keyBlock  = "PRIVATE KEY"
	certBlock = "CERTIFICATE"
)

// Authority is a certificate authority whose certificates are good for 127.0.0.1, ::1 and localhost alone: clients that
// trust it accept no other name from it, and no other purpose than a server's.
type Authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	path string
}

// NewAuthority returns an authority that is kept nowhere.
func NewAuthority() (*Authority, error) {
	text, err := generate(time.Now())
	if err != nil {
		return nil, fmt.Errorf("local certificate authority: %w", err)
	}
	return parse(text)
}

// OpenAuthority returns the authority in a build folder and creates it if there is none. Several programs may do so at
// once, and get the same one. The error names the file and the way out if it cannot be used.
func OpenAuthority(build string) (*Authority, error) {
	path := filepath.Join(build, KeyFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err = create(path); err == nil {
			text, err = os.ReadFile(path)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("local certificate authority: %w", err)
	}
	a, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be used: %w; make a new one with `poolctl reset`", path, err)
	}
	a.path = filepath.Join(build, CertFile)
	if old, err := os.ReadFile(a.path); err != nil || !bytes.Equal(old, a.PEM()) {
		if err := wholefile.WriteBytes(a.path, 0o644, a.PEM()); err != nil {
			return nil, fmt.Errorf("local certificate authority: %w", err)
		}
	}
	return a, nil
}

// RemoveAuthority removes the authority in a build folder and returns the paths of the files that were there.
func RemoveAuthority(build string) (removed []string, err error) {
	for _, name := range []string{KeyFile, CertFile} {
		path := filepath.Join(build, name)
		switch err := os.Remove(path); {
		case err == nil:
			removed = append(removed, path)
		case !errors.Is(err, fs.ErrNotExist):
			return removed, fmt.Errorf("local certificate authority: %w", err)
		}
	}
	return removed, nil
}

// create writes a new authority, unless another program does so first.
func create(path string) error {
	text, err := generate(time.Now())
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), KeyFile+".*") // with mode 0600
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	if err = errors.Join(err, file.Close()); err == nil {
		if err = os.Link(file.Name(), path); errors.Is(err, fs.ErrExist) {
			err = nil
		}
	}
	return errors.Join(err, os.Remove(file.Name()))
}

// generate returns the key and the certificate of a new authority.
func generate(now time.Time) ([]byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	serial := newSerial()
	template := &x509.Certificate{
		SerialNumber: serial,
		Subject: pkix.Name{
			CommonName: fmt.Sprintf("cognito-triggers on this machine %x", serial.Bytes()[:4]), // browsers list it by name
		},
		NotBefore: now.Add(-early), NotAfter: now.Add(lifetime),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true,
		KeyUsage: x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		PermittedDNSDomainsCritical: true, PermittedDNSDomains: []string{"localhost"},
		PermittedIPRanges: []*net.IPNet{only(net.IPv4(127, 0, 0, 1).To4()), only(net.IPv6loopback)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return append(pem.EncodeToMemory(&pem.Block{Type: keyBlock, Bytes: private}),
		pem.EncodeToMemory(&pem.Block{Type: certBlock, Bytes: der})...), nil
}

// only returns the range of one address.
func only(ip net.IP) *net.IPNet { return &net.IPNet{IP: ip, Mask: net.CIDRMask(8*len(ip), 8*len(ip))} }

func newSerial() *big.Int {
	bytes := make([]byte, 16)
	_, _ = rand.Read(bytes) // never fails
	bytes[0] |= 0x40        // of fixed length
	bytes[0] &= 0x7f        // and positive
	return new(big.Int).SetBytes(bytes)
}

var errDamaged = errors.New("it is damaged")

func parse(text []byte) (*Authority, error) {
	private, rest := pem.Decode(text)
	cert, _ := pem.Decode(rest)
	if private == nil || private.Type != keyBlock || cert == nil || cert.Type != certBlock {
		return nil, errDamaged
	}
	key, err := x509.ParsePKCS8PrivateKey(private.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errDamaged, err)
	}
	a := &Authority{}
	if a.cert, err = x509.ParseCertificate(cert.Bytes); err != nil {
		return nil, fmt.Errorf("%w: %w", errDamaged, err)
	}
	var isOurs bool
	if a.key, isOurs = key.(*ecdsa.PrivateKey); !isOurs || !a.key.PublicKey.Equal(a.cert.PublicKey) {
		return nil, fmt.Errorf("%w: key and certificate do not belong together", errDamaged)
	}
	if time.Now().Add(leafLifetime).After(a.cert.NotAfter) {
		return nil, errors.New("it is about to expire")
	}
	return a, nil
}

// certificate returns a certificate for the addresses of domains, with the authority's own after it.
func (a *Authority) certificate() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	now := time.Now()
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: newSerial(), Subject: pkix.Name{CommonName: "localhost"},
		NotBefore: now.Add(-early), NotAfter: now.Add(leafLifetime - early),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		DNSNames:              []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}, a.cert, key.Public(), a.key)
	return tls.Certificate{Certificate: [][]byte{der, a.cert.Raw}, PrivateKey: key}, err
}

// PEM returns the authority's certificate.
func (a *Authority) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: certBlock, Bytes: a.cert.Raw})
}

// Path returns the path of the authority's certificate, "" if it is kept nowhere.
func (a *Authority) Path() string { return a.path }

// Pool returns a pool with nothing but the authority's certificate.
func (a *Authority) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.cert)
	return pool
}

// Pin returns the hash of the authority's public key, in the form of Chromium's --ignore-certificate-errors-spki-list.
func (a *Authority) Pin() string {
	sum := sha256.Sum256(a.cert.RawSubjectPublicKeyInfo)
	return base64.StdEncoding.EncodeToString(sum[:])
}
