package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"cognito-triggers/cmd/internal/command"
	"cognito-triggers/local/devidp"
	"cognito-triggers/local/domains"
	"cognito-triggers/local/hint"
	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/local/stack"
	"cognito-triggers/local/wholefile"
	"cognito-triggers/shared/repository"
)

type runOptions struct {
	files    *runFiles
	code     codeOptions
	loop     *codeLoop
	port     int
	api      int // port
	attempts int
	once     bool
	play     bool
	issuer   string
	choices  stack.Choices
	party    string // the relying party of passkeys
	ports    domainPorts
	keep     keepOptions
	kept     *kept
	out      string
	idp      bool
}

func runLocal(ctx context.Context, flags *flag.FlagSet, args []string) (err error) {
	var o runOptions
	flags.IntVar(&o.port, "port", 9229, "port of the user pool on 127.0.0.1; 0 picks a free one")
	flags.IntVar(&o.api, "api-port", 9230,
		"port of the HTTP API on 127.0.0.1; 0 picks a free one, which is also the default with --port 0")
	flags.IntVar(&o.attempts, "attempts", lambdaruntime.DefaultAttempts,
		"how often the pool calls a trigger for one event if it is late or dies; AWS documents no number")
	flags.BoolVar(&o.once, "once", false, "exit after the scenario, with status 1 if a step differs")
	flags.BoolVar(&o.play, "play", false, "play the scenario first, which is the default in the toolkit's own repository")
	o.keep.register(flags)
	flags.StringVar(&o.issuer, "issuer", "local",
		"issuer of the tokens: local (verifiers find the keys there) or aws (the issuer that AWS would use)")
	flags.BoolVar(&o.choices.PreAuthenticationAtChoice, "pre-authentication-at-choice", false,
		"in USER_AUTH, fire pre authentication once a first factor is chosen; AWS does not say when it does")
	flags.BoolVar(&o.choices.PostConfirmationByCode, "post-confirmation-by-code", false,
		"fire post confirmation when a one-time code of a sign-in confirms a user; AWS does not say whether it does")
	flags.StringVar(&o.party, "relying-party", "",
		"domain of all passkeys in place of the pool's own: localhost for pages there")
	flags.BoolVar(&o.choices.ReuseRevokes, "reuse-revokes", false,
		"revoke a sign-in whose rotated refresh token is used after its grace period; AWS does not say whether it does")
	flags.BoolVar(&o.choices.RefreshIsAuthentication, "refresh-is-authentication", false,
		"fire TokenGeneration_Authentication for GetTokensFromRefreshToken; AWS's pages disagree")
	flags.BoolVar(&o.choices.LinkingContinues, "linking-continues", false,
		"let a first federated sign-in, in which pre sign-up links the identity to a user, go on as that user's; on AWS, "+
			"it fails and the next one succeeds")
	flags.BoolVar(&o.choices.NonceOfAppAlone, "nonce-of-app-alone", false,
		"leave the nonce out of ID tokens whose app sent none; on AWS, the first after a federated sign-in has one")
	flags.BoolVar(&o.idp, "idp", false,
		"start an identity provider for development, on whose page you choose who to be, as the pool's provider Dev")
	flags.StringVar(&o.out, "out", "",
		"file for the addresses of the pool and its services, relative to the repository (default build/local.json)")
	flags.Var(&o.ports, "domain",
		"NAME=PORT fixes the http port of a pool's domain, whose https port is the next one; may be repeated "+
			"(default: ports that follow from the name)")
	o.code.register(flags)
	if err := flags.Parse(args); err != nil {
		return err
	}
	if o.port == 0 && !given(flags, "api-port") {
		o.api = 0
	}
	if o.issuer != "local" && o.issuer != "aws" {
		return fmt.Errorf("run: --issuer is %q; use local or aws", o.issuer)
	}
	if o.attempts < 1 {
		return fmt.Errorf("run: --attempts is %d; use 1 or more", o.attempts)
	}
	repo, err := repository.Find()
	if err != nil {
		return err
	}
	if !given(flags, "play") {
		o.play = isProduct(repo)
	}
	if o.kept, err = o.keep.open(repo); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.kept.close()) }()
	o.files = &runFiles{repo: repo, out: o.out}
	defer o.files.Close()
	starting, stop := context.WithCancel(ctx)
	defer stop()
	if o.loop, err = newCodeLoop(ctx, o.code, repo, o.play, stop); err != nil {
		return err
	}
	defer o.loop.end()
	at, err := o.ports.options(repo, o.port != 0)
	if err != nil {
		return err
	}
	s, err := stack.Start(starting, stack.Options{
		Domains: at,
		Root:    repo.Root, Logs: o.files, Code: o.loop.code(), Issuer: o.issuer, Choices: o.choices,
		RelyingParty: o.party, Keep: o.kept.Keep, Readable: true,
		Listen: loopbackAt(o.port), ListenAPI: loopbackAt(o.api),
		Lambda: os.Getenv("AWS_ENDPOINT_URL_LAMBDA"), Attempts: o.attempts, Loopback: true,
		Warn: func(text string) { fmt.Fprintln(os.Stderr, "note:", text) },
		Emulating: func() {
			fmt.Println("Starting the AWS emulator (the first run installs it into build/) ...")
		},
	})
	if err := o.portTaken(err); err != nil {
		return err
	}
	if starting.Err() != nil && ctx.Err() == nil {
		if err == nil {
			err = s.Close()
		}
		return fmt.Errorf("run: %w", errors.Join(o.loop.compiled(), err))
	}
	if err != nil {
		return interrupted(ctx, err)
	}
	if err = errors.Join(serve(ctx, s, o), s.Close()); err != nil && ctx.Err() == nil {
		fmt.Fprintf(os.Stderr, "\nrun: %v\nThe functions' logs are in %s\n", err, o.files.Name())
		return command.ErrReported
	}
	return interrupted(ctx, err)
}

// interrupted replaces an error that Ctrl-C caused.
func interrupted(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return errors.New("run: interrupted during start-up; nothing is left running")
	}
	return err
}

func loopbackAt(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

// given reports whether a flag was set on the command line.
func given(flags *flag.FlagSet, name string) (found bool) {
	flags.Visit(func(f *flag.Flag) { found = found || f.Name == name })
	return found
}

// portTaken explains an error about a port in use; it returns nil for other errors.
func (o *runOptions) portTaken(err error) error {
	port, flag := o.port, "port"
	switch {
	case errors.Is(err, domains.ErrPortTaken):
		return fmt.Errorf("run: %w; choose another with %s", err, hint.Run("--domain=NAME=PORT"))
	case errors.Is(err, stack.ErrAPIPortTaken):
		port, flag = o.api, "api-port"
	case !errors.Is(err, stack.ErrPortTaken):
		return nil
	}
	return fmt.Errorf(
		"run: port %d of 127.0.0.1 is in use, perhaps by another `%s`; choose another with `%s`, or let `%s` pick a free one",
		port, hint.Run(), hint.Run(fmt.Sprintf("--%s=%d", flag, port+2)), hint.Run("--"+flag+"=0"))
}

// serve creates the pool, plays the scenario and waits for Ctrl-C.
func serve(ctx context.Context, s *stack.Stack, o runOptions) error {
	began := time.Now()
	if err := errors.Join(o.files.open(), o.loop.compiled()); err != nil {
		return err
	}
	pool, err := s.Deploy(ctx)
	if err != nil {
		return err
	}
	if err := o.loop.begin(ctx, s, o.once); err != nil {
		return err
	}
	if err := o.kept.sow(ctx, s, pool.ID); err != nil {
		return err
	}
	client, err := clientOf(pool, s.Repository)
	if err != nil {
		return err
	}
	fmt.Printf("The user pool is at %s%s\n", s.Endpoint, emulatorAt(s))
	if s.APIEndpoint != "" {
		fmt.Printf("The HTTP API is at %s\n", s.APIEndpoint)
	}
	if o.idp {
		idp, err := startIDP(ctx, s, pool.ID, client)
		if err != nil {
			return err
		}
		defer idp.close()
		fmt.Printf("The development identity provider is at %s, as the pool's provider %s\n", idp.url, devidp.Name)
	}
	fmt.Printf("The console is at %s\n", s.Console())
	fmt.Println()
	if o.play {
		if err := o.onStage(ctx, s, pool.ID, client); err != nil {
			return err
		}
		fmt.Printf(" in %.1f s. The functions' logs are in %s\n", time.Since(began).Seconds(), o.files.Name())
	}
	if o.once {
		return nil
	}
	return stay(ctx, s, o, pool.ID, client)
}

// addresses is the content of build/local.json: what clients of the running stack need to know.
type addresses struct {
	Endpoint     string `json:"endpoint"`
	Region       string `json:"region"`
	UserPoolID   string `json:"userPoolId"`
	ClientID     string `json:"clientId"`
	Issuer       string `json:"issuer"`
	AWSEndpoint  string `json:"awsEndpoint"`
	ProfileTable string `json:"profileTable"`
	APIEndpoint  string `json:"apiEndpoint"`
	// IdentityPoolEndpoint is where identity pools answer, the user pool's own address.
	IdentityPoolEndpoint string `json:"identityPoolEndpoint"`
	Console              string `json:"console"`
	// Tables are the names of the tables that manifests declare, by their names there.
	Tables map[string]string `json:"tables,omitempty"`
	// Domains are those of all pools when the run has started. Their https addresses need CertificateAuthority.
	Domains              []domains.Address `json:"domains,omitempty"`
	CertificateAuthority string            `json:"certificateAuthority"`
}

// stay prints how to reach the stack and waits for Ctrl-C. The file with the addresses exists only meanwhile.
func stay(ctx context.Context, s *stack.Stack, o runOptions, pool, client string) error {
	a := addresses{
		Endpoint: s.Endpoint, Region: s.Region, UserPoolID: pool, ClientID: client, Issuer: s.Pool.Issuer(s.Endpoint, pool),
		AWSEndpoint: s.AWSEndpoint(), ProfileTable: s.Table, Tables: s.TableNames(), APIEndpoint: s.APIEndpoint,
		IdentityPoolEndpoint: s.Endpoint, Console: s.Console(),
		Domains: s.Domains.All(), CertificateAuthority: s.Domains.Authority().Path(),
	}
	text, err := json.MarshalIndent(a, "", "  ")
	if err != nil {
		return err
	}
	text = append(text, '\n')
	if err := writeWhole(o.files.addresses, text); err != nil {
		return err
	}
	fmt.Print(hints(a, o.files.addresses))
	for _, name := range s.Domains.Unused() {
		fmt.Fprintf(os.Stderr, "note: --domain %s: no pool has this domain\n", name)
	}
	printer(s.Pool.Events())(ctx, os.Stdout)
	fmt.Println("\nStopping.")
	return removeOwn(o.files.addresses, text)
}

// removeOwn removes the file unless another run has overwritten or removed it.
func removeOwn(path string, own []byte) error {
	if text, err := os.ReadFile(path); err != nil || !bytes.Equal(text, own) {
		return nil
	}
	return os.Remove(path)
}

// writeWhole writes the file atomically, for this user only: it has the emulator's secret.
func writeWhole(path string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return wholefile.WriteBytes(path, 0o600, text)
}

func hints(a addresses, file string) string {
	api := ""
	if a.APIEndpoint != "" {
		api = "  HTTP API   curl @API@/auth/sign-up -H 'content-type: application/json' " +
			`-d '{"email":"ines@example.org","password":"Correct-horse-7"}'` + "\n"
	}
	values := strings.NewReplacer("@AWS@", dynamoHint(a),
		"@HTTP@", strings.ReplaceAll(api, "@API@", a.APIEndpoint)+domainHint(a)+secretHint(a),
		"@URL@", a.Endpoint, "@CONSOLE@", a.Console, "@REGION@", a.Region,
		"@POOL@", a.UserPoolID, "@CLIENT@", a.ClientID, "@FILE@", file,
		"@INBOX@", hint.Poolctl("inbox"), "@LOGS@", hint.Poolctl("logs", "--follow"),
		"@EVENTS@", hint.Poolctl("events", "--follow"))
	return values.Replace(`
Pool @POOL@, app client @CLIENT@ (also in @FILE@). Point your tools at it; any credentials work, for the AWS CLI none:
  boto3      boto3.client("cognito-idp", region_name="@REGION@", endpoint_url="@URL@")
  AWS CLI    aws cognito-idp list-users --user-pool-id @POOL@ --region @REGION@ --endpoint-url @URL@ --no-sign-request
  Amplify    Auth: { Cognito: { userPoolId: "@POOL@", userPoolClientId: "@CLIENT@", userPoolEndpoint: "@URL@" } }
  Terraform  AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER=@URL@ AWS_ENDPOINT_URL_COGNITO_IDENTITY=@URL@ terraform plan
Identity pools are at the same address: --endpoint-url @URL@, and for Amplify identityPoolEndpoint: "@URL@"
@AWS@@HTTP@Console: @CONSOLE@ shows each call, the triggers that it fires, and the messages, in a browser
Read codes and messages with: @INBOX@
Read what functions print with: @LOGS@
Each event of a trigger is shown here from now on, with its attempts and log lines if it failed or took several.
See them again with: @EVENTS@
Press Ctrl-C to stop everything.
`)
}
