package domains_test

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"cognito-triggers/local/domains"
)

// echo is the handler of an address that answers with the address.
func echo(url string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, url) })
}

func open(t *testing.T, o domains.Options) *domains.Domains {
	t.Helper()
	d, err := domains.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// get asks an address, under another Host if that is not empty.
func get(t *testing.T, d *domains.Domains, url, host string) (status int, body string, err error) {
	t.Helper()
	client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: d.Authority().Pool()}}}
	defer client.CloseIdleConnections()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = host
	answer, err := client.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	return answer.StatusCode, string(text), err
}

func TestADomainHasAnAddressOfEachScheme(t *testing.T) {
	t.Parallel()
	d := open(t, domains.Options{})
	for _, name := range []string{"people", "auth.example.org"} {
		if err := d.Open(name, echo); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Open("people", echo); err == nil {
		t.Error("a domain was opened twice")
	}
	if all := d.All(); len(all) != 2 || all[0].Name != "auth.example.org" {
		t.Errorf("all: %+v", all)
	}
	for _, url := range d.URLs("people") {
		for _, own := range []string{url, strings.Replace(url, "127.0.0.1", "localhost", 1)} {
			if _, body, err := get(t, d, own, ""); err != nil || body != own {
				t.Errorf("%s: %q, error %v", own, body, err)
			}
		}
	}
	urls := d.URLs("people")
	d.Shut("people")
	d.Shut("people")
	for _, url := range urls {
		if _, _, err := get(t, d, url, ""); err == nil {
			t.Errorf("%s answers after its domain was closed", url)
		}
	}
	if d.URLs("people") != nil || len(d.All()) != 1 {
		t.Error("a closed domain has addresses")
	}
}

// A domain answers to its own names. It takes no other from the Host header, so that no link and no redirect leads to a
// host of the sender's choice, and a page whose name resolves to this machine reads nothing.
func TestOtherHosts(t *testing.T) {
	t.Parallel()
	d := open(t, domains.Options{})
	if err := d.Open("people", echo); err != nil {
		t.Fatal(err)
	}
	for _, url := range d.URLs("people") {
		_, at, _ := strings.Cut(url, "//")
		_, port, _ := net.SplitHostPort(at)
		for _, host := range []string{
			"evil.example", "evil.example:" + port, "127.0.0.1:1", "127.0.0.1", "localhost.evil.example:" + port,
			"127.0.0.1:" + port + "@evil.example",
		} {
			if status, body, err := get(t, d, url, host); err == nil && (status < 400 || strings.Contains(body, "evil")) {
				t.Errorf("%s at %s: %d %s", host, url, status, body)
			}
		}
		if _, body, err := get(t, d, url, "LOCALHOST:"+port); err != nil || !strings.Contains(body, "//localhost:"+port) {
			t.Errorf("LOCALHOST: %s, error %v", body, err)
		}
	}
}

// The ports follow from the name, unless somebody has one of the two.
func TestPortsFollowFromNames(t *testing.T) {
	t.Parallel()
	if port := domains.PortOf("people"); port != 22084 || port == domains.PortOf("others") {
		t.Errorf("people is at port %d; apps have the one that it had in earlier versions", port)
	}
	name := freeName(t)
	for range 2 {
		d, err := domains.Open(domains.Options{Named: true})
		if err == nil {
			err = d.Open(name, echo)
		}
		if err != nil {
			t.Fatal(err)
		}
		want := fmt.Sprint("[http://127.0.0.1:", domains.PortOf(name), " https://127.0.0.1:", domains.PortOf(name)+1, "]")
		if got := fmt.Sprint(d.URLs(name)); got != want {
			t.Errorf("%s, want %s", got, want)
		}
		second := open(t, domains.Options{Named: true})
		err = second.Open(name, echo)
		if other := second.URLs(name); err != nil || len(other) != 2 || fmt.Sprint(other) == want {
			t.Errorf("a second run at the same time: %v, error %v", other, err)
		}
		if err := errors.Join(d.Close(), second.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

// freeName returns a name whose ports nobody has.
func freeName(t *testing.T) string {
	t.Helper()
	for n := range 100 {
		name := fmt.Sprint(strings.ToLower(t.Name()), n)
		probe, err := domains.Open(domains.Options{Ports: map[string]int{name: domains.PortOf(name)}})
		if err == nil {
			_ = probe.Close()
			return name
		}
	}
	t.Fatal("no ports are free")
	return ""
}

func TestFixedPorts(t *testing.T) {
	t.Parallel()
	port := domains.PortOf(freeName(t))
	d := open(t, domains.Options{Ports: map[string]int{"people": port}})
	if unused := d.Unused(); len(unused) != 1 || unused[0] != "people" {
		t.Errorf("unused: %v", unused)
	}
	_, err := domains.Open(domains.Options{Ports: map[string]int{"others": port}})
	if !errors.Is(err, domains.ErrPortTaken) || !strings.Contains(err.Error(), strconv.Itoa(port)) ||
		!strings.Contains(err.Error(), "others") {
		t.Errorf("a port that is in use: %v", err)
	}
	if err := d.Open("people", echo); err != nil {
		t.Fatal(err)
	}
	if at := d.Lookup("people"); at.URL != fmt.Sprint("http://127.0.0.1:", port) || len(d.Unused()) != 0 {
		t.Errorf("%+v, unused %v", at, d.Unused())
	}
}
