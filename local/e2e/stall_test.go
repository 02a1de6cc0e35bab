package e2e

import (
	"bytes"
	"io"
	"maps"
	"net"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cognito-triggers/local/userpool/seed"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/profile"
	"cognito-triggers/shared/trigger"
)

// inTime is how long a trigger may take when its services stall; Cognito gives up after 5 s.
const inTime = 4500 * time.Millisecond

// stalled is a service that accepts every connection and never responds.
type stalled struct {
	url   string
	taken atomic.Int32
}

func newStalled(t *testing.T) *stalled {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	s := &stalled{url: "http://" + listener.Addr().String()}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return // the test is over
			}
			s.taken.Add(1)
			go func() {
				defer conn.Close()
				_, _ = io.Copy(io.Discard, conn) // until the caller hangs up
			}()
		}
	}()
	return s
}

// neverWithoutProfile is a rule that fails the sign-in if its claim is unavailable.
const neverWithoutProfile = `{"rules":[{"claim":"tenant","token":"both","from":"profile.attributes.tenant",` +
	`"onUnavailable":"fail"}]}`

const (
	dynamoDB   = "AWS_ENDPOINT_URL_DYNAMODB"
	ses        = "AWS_ENDPOINT_URL_SESV2"
	cognitoIDP = "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"
)

// stallCase is an event whose services stall, and the outcome that its trigger's README promises.
type stallCase struct {
	trigger  string
	services []string
	settings map[string]string
	eventOf  func(*testing.T, crowd) []byte
	generic  bool   // refused with the generic message; otherwise the event is returned unchanged
	counter  string // expected to be 1
	profile  bool   // whether a profile is stored anyway
	group    string // group that the user joins anyway
}

func confirmation(t *testing.T, c crowd) []byte { return c.confirmation(t, 0) }

func signIn(t *testing.T, c crowd) []byte {
	return event(t, cognito.TokenGenerationAuthentication, "V2_0", person(c.pool, c.sub(0), c.email(0)))
}

func password(t *testing.T, c crowd) []byte {
	return event(t, cognito.PreAuthenticationAuthentication, "", person(c.pool, c.sub(0), c.email(0)))
}

func signedIn(t *testing.T, c crowd) []byte {
	return event(t, cognito.PostAuthenticationAuthentication, "", person(c.pool, c.sub(0), c.email(0)))
}

func federated(t *testing.T, _ crowd) []byte {
	return event(t, cognito.PreSignUpExternalProvider, "", nil)
}

func signUp(t *testing.T, _ crowd) []byte { return event(t, cognito.PreSignUpSignUp, "", nil) }

func TestStalledServices(t *testing.T) {
	everything := []string{dynamoDB, ses, cognitoIDP}
	group := func(name string) map[string]string { return map[string]string{"DEFAULT_GROUP": name} }
	cases := map[string]stallCase{
		"confirmation without DynamoDB": {
			trigger: "post-confirmation", services: []string{dynamoDB}, eventOf: confirmation, counter: "ProfilesLost"},
		"confirmation without DynamoDB, with a group": { // nothing else would repair this
			trigger: "post-confirmation", services: []string{dynamoDB}, settings: group("joined"), eventOf: confirmation,
			counter: "ProfilesLost", group: "joined"},
		"confirmation without SES": {
			trigger: "post-confirmation", services: []string{ses}, settings: map[string]string{"WELCOME_EMAIL_FROM": sender},
			eventOf: confirmation, counter: "MailsLost", profile: true},
		"confirmation without Cognito": {
			trigger: "post-confirmation", services: []string{cognitoIDP}, settings: group("missed"), eventOf: confirmation,
			counter: "GroupAddsFailed", profile: true},
		"confirmation without anything": {
			trigger: "post-confirmation", services: everything, settings: group("missed"), eventOf: confirmation,
			counter: "GroupAddsFailed"},
		"sign-in without DynamoDB": {
			trigger: "pre-token-generation", services: []string{dynamoDB}, eventOf: signIn, counter: "ProfilesUnavailable"},
		"sign-in without DynamoDB that needs the profile": {
			trigger: "pre-token-generation", services: []string{dynamoDB},
			settings: map[string]string{"CLAIM_RULES": neverWithoutProfile},
			eventOf:  signIn, generic: true, counter: "SignInsFailedWithoutProfile"},
		"rule without DynamoDB that lets pass": {
			trigger: "pre-authentication", services: []string{dynamoDB}, settings: map[string]string{"SIGN_IN_RULES": openRule},
			eventOf: password, counter: "RulesPassed"},
		"rule without DynamoDB that refuses": {
			trigger: "pre-authentication", services: []string{dynamoDB}, eventOf: password, generic: true,
			settings: map[string]string{"SIGN_IN_RULES": closedRule}, counter: "SignInsUndecided"},
		"rule about groups without Cognito": {
			trigger: "pre-authentication", services: []string{cognitoIDP}, eventOf: password, generic: true,
			settings: map[string]string{"SIGN_IN_RULES": staffRule, "READ_GROUPS_FROM_POOL": "true"},
			counter:  "GroupsUnavailable"},
		"signed in without anything": {
			trigger: "post-authentication", services: []string{dynamoDB, ses, eventBridge}, eventOf: signedIn,
			settings: map[string]string{"NOTICE_EMAIL_FROM": sender, "AUDIT_EVENT_BUS": auditBus}, counter: "AuditEventsLost"},
		"linking without Cognito": {
			trigger: "pre-sign-up", services: []string{cognitoIDP}, settings: map[string]string{"LINK_PROVIDERS": "Google"},
			eventOf: federated, generic: true},
		"sign-up while the old system stalls": {
			trigger: "pre-sign-up", services: []string{dynamoDB}, settings: oldTable(t, hashers(cheap)["bcrypt"]("x"), nil),
			eventOf: signUp, generic: true},
		"sign-up while the old system stalls, fails open": {
			trigger: "pre-sign-up", services: []string{dynamoDB},
			settings: with(oldTable(t, hashers(cheap)["bcrypt"]("x"), nil), "MIGRATION_GUARD_FAILS", "open"),
			eventOf:  signUp, counter: "MigrationGuardSkipped"},
	}
	var wait sync.WaitGroup
	runs := map[string]*stallRun{}
	for name, c := range cases {
		run := c.prepare(t)
		runs[name] = run
		wait.Go(func() { run.got = run.invoke(t, run.event) }) // in parallel: each only waits for seconds
	}
	wait.Wait()
	for name, run := range runs {
		t.Run(name, run.check)
	}
}

// stallRun is a running case.
type stallRun struct {
	stallCase
	function
	service *stalled
	user    crowd
	event   []byte
	got     outcome
}

func (c stallCase) prepare(t *testing.T) *stallRun {
	t.Helper()
	service, user := newStalled(t), newCrowd(1)
	givePool(t, seed.Pool{
		ID: user.pool, Groups: []string{"joined", "missed"}, Users: []seed.User{{Name: user.sub(0), Status: "CONFIRMED"}},
	})
	settings := maps.Clone(c.settings)
	if settings == nil {
		settings = map[string]string{}
	}
	for _, name := range c.services {
		settings[name] = service.url
	}
	return &stallRun{
		stallCase: c,
		function:  start(t, c.trigger, settings),
		service:   service,
		user:      user,
		event:     c.eventOf(t, user),
	}
}

func (r *stallRun) check(t *testing.T) {
	if r.got.took > inTime {
		t.Errorf("the answer took %v", r.got.took)
	}
	if r.generic {
		wantGeneric(t, r.got)
	} else {
		r.got.passed(t, r.event)
	}
	if r.service.taken.Load() == 0 {
		t.Error("the function never asked the stalled service")
	}
	r.Kill() // flushes its last log lines
	if r.counter != "" && r.counted(r.counter) != 1 {
		t.Errorf("%s is not 1 in\n%s", r.counter, r.logs)
	}
	if (stored(t, r.user.key(0)) != nil) != r.profile {
		t.Errorf("a profile is stored: %v", !r.profile)
	}
	if r.group != "" {
		if members := local.Pool.Store().Members(r.user.pool, r.group); !slices.Contains(members, r.user.sub(0)) {
			t.Errorf("members of %s: %v, want the user", r.group, members)
		}
	}
}

// If the store is down when a user confirms and back when they sign in, nothing is lost.
func TestProfileIsMadeUpForAtSignIn(t *testing.T) {
	one := newCrowd(1)
	store := newSwitched(t)
	settings := map[string]string{dynamoDB: store.url}
	confirm, later := start(t, "post-confirmation", settings), start(t, "pre-token-generation", settings)

	e := one.confirmation(t, 0)
	confirm.invoke(t, e).passed(t, e)
	confirm.Kill()
	if confirm.counted("ProfilesLost") != 1 {
		t.Errorf("the loss is not counted in\n%s", confirm.logs)
	}
	token := signIn(t, one)
	later.invoke(t, token).passed(t, token) // still down: the sign-in succeeds without the claims
	if p := stored(t, one.key(0)); p != nil {
		t.Fatalf("the store was down, but has %+v", p)
	}

	store.up(t)
	got := later.invoke(t, token)
	if got.refused != "" || !bytes.Contains(got.answer, []byte(`"profile_id":"`+one.sub(0)+`"`)) {
		t.Errorf("answer %s, error %q: want a claim from the profile", got.answer, got.refused)
	}
	p := stored(t, one.key(0))
	want := profile.Profile{
		Key:           one.key(0),
		Username:      one.sub(0),
		SchemaVersion: profile.SchemaVersion,
		CreatedBy:     cognito.TokenGenerationAuthentication,
		Attributes:    map[string]string{"email": one.email(0), "given_name": "Ines", "locale": "en"},
	}
	if p == nil {
		t.Error("no profile after the sign-in")
	} else if got := p.WithoutTimes(); !reflect.DeepEqual(got, want) {
		t.Errorf("profile %+v, want %+v", got, want)
	}
}

// wantGeneric checks that the user reads the generic message for internal failures.
func wantGeneric(t *testing.T, got outcome) {
	t.Helper()
	if want := trigger.GenericMessage(got.requestID); got.refused != want {
		t.Errorf("the user reads %q%s, want %q", got.refused, got.answer, want)
	}
}
