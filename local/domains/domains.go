// Package domains opens addresses on this machine for the domains of user pools: each gets an http and an https address
// of 127.0.0.1, so that AWS's paths are at its root and clients need no rewriting. The https address has a certificate
// of a local authority, which a person trusts by hand.
//
// The ports of a domain follow from its name, so that they stay from run to run and in every checkout.
package domains

import (
	"cmp"
	"crypto/tls"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"cognito-triggers/local/loopback"
)

// The ports that follow from names are pairs from firstPort on: http, then https. Both the pool's usual ports and those
// that systems give away lie outside.
const (
	firstPort = 20000
	pairs     = 2500
	tries     = 8 // pairs, before any free ports do
)

// host is the only address that domains are opened at.
const host = "127.0.0.1"

// Options configure Open.
type Options struct {
	Authority *Authority // signs the certificates; nil: one that is made for this program
	// Ports are the http ports of domains, by name. The https port is the next one.
	Ports map[string]int
	// Named makes the ports of all other domains follow from their names; if others have them, the next ones. Otherwise
	// the system chooses.
	Named bool
	// Around is laid around the handler of every domain; may be nil.
	Around func(http.Handler) http.Handler
}

// Address is where a domain is reached.
type Address struct {
	Name      string `json:"name"`      // of the domain: a prefix, or a custom domain
	URL       string `json:"url"`       // http
	SecureURL string `json:"secureUrl"` // https, with a certificate of the authority
}

// Domains are the open domains of a user pool's server. It is safe for concurrent use.
type Domains struct {
	options Options
	tls     *tls.Config

	mu       sync.Mutex
	reserved map[string]pair
	open     map[string]*site
}

// pair is the listeners of a domain.
type pair struct{ plain, secure net.Listener }

func (p pair) close() error { return errors.Join(p.plain.Close(), p.secure.Close()) }

// site is an open domain.
type site struct {
	Address
	pair
	servers []*http.Server
}

// ErrPortTaken is wrapped by errors about a port of Options.Ports that is in use.
var ErrPortTaken = errors.New("the domain's address is in use")

// Open returns Domains without any domain. It takes the ports of Options.Ports at once, so that a conflict is known
// before anything else starts.
func Open(o Options) (d *Domains, err error) {
	if o.Authority == nil {
		if o.Authority, err = NewAuthority(); err != nil {
			return nil, err
		}
	}
	d = &Domains{options: o, reserved: map[string]pair{}, open: map[string]*site{}}
	certificate, err := o.Authority.certificate()
	if err != nil {
		return nil, err
	}
	d.tls = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	for _, name := range slices.Sorted(maps.Keys(o.Ports)) {
		if d.reserved[name], err = listen(o.Ports[name]); err != nil {
			delete(d.reserved, name)
			return nil, errors.Join(fmt.Errorf("domain %s: %w", name, err), d.Close())
		}
	}
	return d, nil
}

// Authority returns the authority of the https addresses.
func (d *Domains) Authority() *Authority { return d.options.Authority }

// Open opens a domain. Each of its addresses is served by what handler returns for that address.
func (d *Domains) Open(name string, handler func(url string) http.Handler) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.open[name] != nil {
		return fmt.Errorf("domain %s is open already", name)
	}
	p, reserved := d.reserved[name]
	if !reserved {
		var err error
		if p, err = d.listen(name); err != nil {
			return fmt.Errorf("domain %s: %w", name, err)
		}
	}
	delete(d.reserved, name)
	s := &site{pair: p, Address: Address{
		Name: name, URL: "http://" + p.plain.Addr().String(), SecureURL: "https://" + p.secure.Addr().String(),
	}}
	plain, secure := d.server(s.URL, handler), d.server(s.SecureURL, handler)
	secure.TLSConfig = d.tls.Clone() // which each server completes
	s.servers = []*http.Server{plain, secure}
	go func() { _ = plain.Serve(p.plain) }()              // ends with Shut
	go func() { _ = secure.ServeTLS(p.secure, "", "") }() // ends with Shut
	d.open[name] = s
	return nil
}

// server returns the server of one of a domain's addresses. The Host header of a request chooses between its two names
// on this machine and has no other effect. With any other, as pages of other sites send it, the answer is a refusal.
func (d *Domains) server(url string, handler func(url string) http.Handler) *http.Server {
	byHost := map[string]http.Handler{}
	for _, name := range []string{host, "localhost"} {
		own := strings.Replace(url, host, name, 1)
		_, at, _ := strings.Cut(own, "://")
		byHost[at] = handler(own)
	}
	var served http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := byHost[strings.ToLower(r.Host)]
		if h == nil {
			loopback.Refuse(w, "this domain is at "+url+": it does not answer requests to other host names")
			return
		}
		h.ServeHTTP(w, r)
	})
	if d.options.Around != nil {
		served = d.options.Around(served)
	}
	server := loopback.Server(served)
	server.ErrorLog = log.New(io.Discard, "", 0) // of clients that do not trust the authority
	return server
}

// Shut closes a domain and its connections. It does nothing if the domain is not open.
func (d *Domains) Shut(name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if s := d.open[name]; s != nil {
		_ = s.close() // what remains to be closed is of no use to anybody
		delete(d.open, name)
	}
}

func (s *site) close() error {
	var errs []error
	for _, server := range s.servers {
		errs = append(errs, server.Close())
	}
	// A server that has not begun to serve does not know its listener yet.
	for _, listener := range []net.Listener{s.plain, s.secure} {
		if err := listener.Close(); !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// Lookup returns where a domain is reached; the zero Address if it is not open.
func (d *Domains) Lookup(name string) Address {
	d.mu.Lock()
	defer d.mu.Unlock()
	if s := d.open[name]; s != nil {
		return s.Address
	}
	return Address{}
}

// URLs returns the addresses of a domain, http first; none if it is not open.
func (d *Domains) URLs(name string) []string {
	if at := d.Lookup(name); at.URL != "" {
		return []string{at.URL, at.SecureURL}
	}
	return nil
}

// All lists where the open domains are reached, by name.
func (d *Domains) All() []Address {
	d.mu.Lock()
	defer d.mu.Unlock()
	list := make([]Address, 0, len(d.open))
	for _, s := range d.open {
		list = append(list, s.Address)
	}
	slices.SortFunc(list, func(a, b Address) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

// Unused lists the names in Options.Ports that no domain has.
func (d *Domains) Unused() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Sorted(maps.Keys(d.reserved))
}

// Close closes all domains.
func (d *Domains) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	var errs []error
	for _, p := range d.reserved {
		errs = append(errs, p.close())
	}
	for _, s := range d.open {
		errs = append(errs, s.close())
	}
	clear(d.reserved)
	clear(d.open)
	return errors.Join(errs...)
}

// listen returns the listeners of a domain without a port of its own.
func (d *Domains) listen(name string) (pair, error) {
	if d.options.Named {
		first := PortOf(name) - firstPort
		for n := range tries {
			p, err := listen(firstPort + (first+2*n)%(2*pairs))
			if !errors.Is(err, ErrPortTaken) {
				return p, err
			}
		}
	}
	plain, err := net.Listen("tcp", at(0))
	if err != nil {
		return pair{}, err
	}
	secure, err := net.Listen("tcp", at(0))
	if err != nil {
		return pair{}, errors.Join(err, plain.Close())
	}
	return pair{plain, secure}, nil
}

// PortOf returns the http port that follows from the name of a domain. The https port is the next one.
func PortOf(name string) int {
	sum := fnv.New32a()
	_, _ = io.WriteString(sum, name) // never fails
	return firstPort + 2*int(sum.Sum32()%pairs)
}

// listen listens at a port and the next one.
func listen(port int) (pair, error) {
	plain, err := net.Listen("tcp", at(port))
	if err != nil {
		return pair{}, taken(err, port)
	}
	secure, err := net.Listen("tcp", at(port+1))
	if err != nil {
		return pair{}, errors.Join(taken(err, port+1), plain.Close())
	}
	return pair{plain, secure}, nil
}

func taken(err error, port int) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%w: port %d of %s", ErrPortTaken, port, host)
	}
	return err
}

func at(port int) string { return net.JoinHostPort(host, strconv.Itoa(port)) }
