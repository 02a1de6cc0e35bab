package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"

	"cognito-triggers/local/domains"
	"cognito-triggers/local/hint"
	"cognito-triggers/shared/repository"
)

// domainPorts are the values of run's --domain. It implements flag.Value.
type domainPorts map[string]int

// String implements flag.Value.
func (p *domainPorts) String() string { return "" }

// Set implements flag.Value.
func (p *domainPorts) Set(text string) error {
	name, number, _ := strings.Cut(text, "=")
	port, err := strconv.Atoi(number)
	if name == "" || err != nil || port < 1 || port > 65534 {
		return errors.New("use NAME=PORT, for example people=9300: the domain's prefix or custom domain, and a port from 1 " +
			"to 65534 for http; https has the next one")
	}
	if *p == nil {
		*p = domainPorts{}
	}
	(*p)[name] = port
	return nil
}

// options returns where the domains of a run are. With named, ports follow from the names of domains.
func (p domainPorts) options(repo repository.Repository, named bool) (domains.Options, error) {
	authority, err := domains.OpenAuthority(repo.Build)
	return domains.Options{Authority: authority, Ports: p, Named: named}, err
}

// showDomains lists the domains of the running pool, and says how to trust their certificates.
func showDomains(ctx context.Context, flags *flag.FlagSet, args []string) error {
	endpoint := flags.String("endpoint", "", "URL of the local pool (default: the one in build/local.json)")
	asJSON := flags.Bool("json", false, "print one line of JSON per domain")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q; this command takes only flags", flags.Arg(0))
	}
	repo, err := repository.Find()
	if err != nil {
		return err
	}
	client, err := openPool(*endpoint)
	if err != nil {
		return err
	}
	list, err := client.Domains(ctx)
	if err != nil {
		return err
	}
	if *asJSON {
		for _, d := range list {
			if err := json.NewEncoder(os.Stdout).Encode(d); err != nil {
				return err
			}
		}
		return nil
	}
	for _, d := range list {
		fmt.Printf("%s, pool %s: %s\n", d.Name, d.UserPoolID, strings.Join(d.URLs, " and "))
	}
	if len(list) == 0 {
		fmt.Println("No pool has a domain: set domain in the pool settings, or call CreateUserPoolDomain")
	}
	authority, err := domains.OpenAuthority(repo.Build)
	if err != nil {
		return err
	}
	fmt.Print(trustHint(authority))
	return nil
}

// trustHint says how clients trust the authority. They take its word for 127.0.0.1, ::1 and localhost only.
func trustHint(a *domains.Authority) string {
	return strings.NewReplacer("@CA@", a.Path(), "@PIN@", a.Pin()).Replace(`
The https addresses have certificates of a local authority, which is good for 127.0.0.1 and localhost alone:
  @CA@
  curl       curl --cacert @CA@ ...
  Node       NODE_EXTRA_CA_CERTS=@CA@ node ...
  Go         SSL_CERT_FILE=@CA@ go run ... (on Linux, in place of the system's), or add it to tls.Config.RootCAs
  Python     REQUESTS_CA_BUNDLE=@CA@ python ...
  Chromium   chromium --user-data-dir=DIR --ignore-certificate-errors-spki-list=@PIN@
             or for good: certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n cognito-triggers -i @CA@
`)
}

// domainHint says where the pool's domains are.
func domainHint(a addresses) string {
	var text strings.Builder
	for _, d := range a.Domains {
		fmt.Fprintf(&text, "  Domain     %s at %s and %s (certificates: %s)\n", d.Name, d.URL, d.SecureURL,
			hint.Poolctl("domains"))
	}
	return text.String()
}
