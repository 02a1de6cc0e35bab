package e2e

import (
	"bytes"
	"context"
	crand "crypto/rand"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cognito-triggers/local/runtime"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/profile"
)

// parallel is how many events are on their way at a time.
const parallel = 16

const sender = "welcome@example.com"

// crowd is the users of a pool of their own who confirm.
type crowd struct {
	pool string
	size int
}

func newCrowd(size int) crowd { return crowd{"eu-west-1_" + crand.Text()[:8], size} }

func (c crowd) sub(i int) string { return fmt.Sprintf("5f0c2a3e-9d41-4b7a-8c55-%012d", i) }

func (c crowd) email(i int) string {
	return fmt.Sprintf("user%d@%s.example", i, strings.ToLower(strings.ReplaceAll(c.pool, "_", "-")))
}

func (c crowd) confirmation(t *testing.T, i int) []byte {
	return event(t, events.PostConfirmationConfirmSignUp, "", person(c.pool, c.sub(i), c.email(i)))
}

// deliveries names each user one to three times, shuffled. The seed is told, to play a failure again.
func (c crowd) deliveries(t *testing.T) ([]int, *rand.Rand) {
	t.Helper()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	var all []int
	for i := range c.size {
		for range 1 + random.IntN(3) {
			all = append(all, i)
		}
	}
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all, random
}

// confirming is post-confirmation with welcome mail.
func confirming(t *testing.T, settings map[string]string) function {
	t.Helper()
	if err := local.Emulator.VerifyEmailIdentity(t.Context(), sender); err != nil {
		t.Fatal(err)
	}
	all := map[string]string{"WELCOME_EMAIL_FROM": sender}
	maps.Copy(all, settings)
	return start(t, "post-confirmation", all)
}

// inParallel calls deliver for each user named.
func inParallel(users []int, deliver func(user int)) {
	queue := make(chan int)
	var workers sync.WaitGroup
	for range parallel {
		workers.Go(func() {
			for user := range queue {
				deliver(user)
			}
		})
	}
	for _, user := range users {
		queue <- user
	}
	close(queue)
	workers.Wait()
}

func TestManyConfirmationsInParallel(t *testing.T) {
	c := newCrowd(1000)
	f := confirming(t, nil)
	deliveries, _ := c.deliveries(t)
	inParallel(deliveries, func(user int) {
		e := c.confirmation(t, user)
		f.invoke(t, e).passed(t, e)
	})
	c.checkProfiles(t)
	for i, mails := range c.mails(t) {
		if mails != 1 {
			t.Errorf("user %d has %d welcome mails, want 1", i, mails)
		}
	}
}

// Processes are killed while they have events, at random moments that are counted in deliveries. Whatever was under way,
// the next delivery finds a whole profile or none.
func TestConfirmationsWithProcessesKilled(t *testing.T) {
	const kills = 20
	c := newCrowd(300)
	f := confirming(t, nil)
	deliveries, random := c.deliveries(t)
	killAt := map[int64]bool{}
	for len(killAt) < kills {
		killAt[1+random.Int64N(int64(len(deliveries)))] = true
	}
	var delivered, died atomic.Int64
	inParallel(deliveries, func(user int) {
		if killAt[delivered.Add(1)] {
			f.Kill()
		}
		result, _ := f.InvokeAsCognito(context.Background(), c.confirmation(t, user))
		for _, attempt := range result.Attempts {
			if attempt.Err != nil {
				died.Add(1)
				wantDeath(t, attempt.Err)
			}
		}
	})
	if died.Load() == 0 {
		t.Error("no process was killed while it had an event: the test shows nothing")
	}
	t.Logf("%d attempts died", died.Load())
	for i := range c.size {
		if p := stored(t, c.key(i)); p != nil {
			c.checkProfile(t, i, *p)
		}
	}
	inParallel(slices.Collect(c.everybody), func(user int) {
		e := c.confirmation(t, user)
		f.invoke(t, e).passed(t, e)
	})
	c.checkProfiles(t)
	lost := 0
	for i, mails := range c.mails(t) {
		if mails > 1 {
			t.Errorf("user %d has %d welcome mails, want at most 1", i, mails)
		}
		if mails == 0 {
			lost++
		}
	}
	if int64(lost) > died.Load() {
		t.Errorf("%d mails are lost, though only %d attempts died", lost, died.Load())
	}
}

// wantDeath takes the errors of a killed process only.
func wantDeath(t *testing.T, err error) {
	t.Helper()
	var crash *runtime.CrashError
	var init *runtime.InitError
	if !errors.As(err, &crash) && !errors.As(err, &init) {
		t.Errorf("error %v, want a killed process", err)
	}
}

// A process that dies at the worst moment of each call: the next delivery makes up for what is safe to do again.
func TestConfirmationDiesAtEachCall(t *testing.T) {
	cases := []struct {
		name      string
		dieBefore string // the operation that is not carried out any more
		dieAfter  string // the operation that is carried out, though nobody hears of it
		wantMails int
	}{
		{"before the profile is stored", "PutItem", "", 1},
		{"after the profile is stored", "", "PutItem", 1},
		{"before the mail is claimed", "UpdateItem", "", 1},
		{"after the mail is claimed", "", "UpdateItem", 0}, // nobody knows whether it was sent
		{"before the mail is sent", "SendEmail", "", 0},
		{"after the mail is sent", "", "SendEmail", 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			gate := newGate(t)
			f := confirming(t, map[string]string{"AWS_ENDPOINT_URL": gate.url, "AWS_ENDPOINT_URL_DYNAMODB": gate.url, "AWS_ENDPOINT_URL_SESV2": gate.url})
			gate.before, gate.after = killOnce(f, c.dieBefore), killOnce(f, c.dieAfter)
			one := newCrowd(1)
			e := one.confirmation(t, 0)
			_, err := f.Invoke(t.Context(), e)
			wantDeath(t, err)
			f.invoke(t, e).passed(t, e)
			one.checkProfiles(t)
			if mails := one.mails(t)[0]; mails != c.wantMails {
				t.Errorf("%d welcome mails, want %d", mails, c.wantMails)
			}
		})
	}
}

// killOnce kills the function's processes at the first call of an operation, and tells that it has.
func killOnce(f function, operation string) func(called string) bool {
	var done atomic.Bool
	return func(called string) bool {
		if called != operation || !done.CompareAndSwap(false, true) {
			return false
		}
		f.Kill()
		return true
	}
}

// gate is a way to the emulator on which a caller can die, before a call is carried out or after it.
type gate struct {
	url           string
	before, after func(operation string) (died bool)
}

func newGate(t *testing.T) *gate {
	t.Helper()
	var g gate
	to := map[bool]*httputil.ReverseProxy{true: proxyTo(t, "DYNAMODB"), false: proxyTo(t, "SESV2")}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		_, operation, isDynamoDB := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		if !isDynamoDB {
			operation = "SendEmail"
		}
		if err != nil || g.before(operation) {
			panic(http.ErrAbortHandler) // who asked is dead
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		answer := httptest.NewRecorder()
		to[isDynamoDB].ServeHTTP(answer, r)
		if g.after(operation) {
			panic(http.ErrAbortHandler)
		}
		maps.Copy(w.Header(), answer.Header())
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	}))
	t.Cleanup(server.Close)
	g.url = server.URL
	return &g
}

// proxyTo forwards to the service as the stack's functions reach it.
func proxyTo(t *testing.T, service string) *httputil.ReverseProxy {
	t.Helper()
	environment := local.Environment()
	endpoint := environment["AWS_ENDPOINT_URL_"+service]
	if endpoint == "" {
		endpoint = environment["AWS_ENDPOINT_URL"]
	}
	target, err := url.Parse(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	return httputil.NewSingleHostReverseProxy(target)
}

func (c crowd) everybody(yield func(int) bool) {
	for i := range c.size {
		if !yield(i) {
			return
		}
	}
}

func (c crowd) key(i int) profile.Key { return profile.Key{UserPoolID: c.pool, Sub: c.sub(i)} }

// checkProfiles wants one whole profile for each user and no other item of the pool.
func (c crowd) checkProfiles(t *testing.T) {
	t.Helper()
	items := c.items(t)
	if len(items) != c.size {
		t.Errorf("%d items are stored, want %d", len(items), c.size)
	}
	want := []string{"attributes", "created_at", "created_by", "identities", "pk", "schema_version", "sub", "updated_at", "user_pool_id", "username"}
	for _, item := range items {
		names := slices.DeleteFunc(slices.Sorted(maps.Keys(item)), func(name string) bool { return strings.HasPrefix(name, "welcome_claim") })
		if !slices.Equal(names, want) {
			t.Errorf("an item has the attributes %v, want %v", names, want)
		}
	}
	for i := range c.size {
		if p := stored(t, c.key(i)); p != nil {
			c.checkProfile(t, i, *p)
		} else {
			t.Errorf("user %d has no profile", i)
		}
	}
}

func (c crowd) checkProfile(t *testing.T, i int, p profile.Profile) {
	t.Helper()
	switch {
	case p.Key != c.key(i), p.Username != c.sub(i), p.Attributes["email"] != c.email(i), p.Attributes["given_name"] != "Ines", p.Attributes["locale"] != "en",
		p.CreatedAt.IsZero(), p.UpdatedAt.IsZero(), p.SchemaVersion != profile.SchemaVersion, p.CreatedBy != events.PostConfirmationConfirmSignUp:
		t.Errorf("user %d has half a profile: %+v", i, p)
	}
}

// items are those that the table has for the pool.
func (c crowd) items(t *testing.T) []map[string]types.AttributeValue {
	t.Helper()
	patient := dynamodb.New(local.DynamoDB.Options(), func(o *dynamodb.Options) { o.HTTPClient = &http.Client{} })
	pages := dynamodb.NewScanPaginator(patient, &dynamodb.ScanInput{
		TableName: &local.Table, ConsistentRead: new(true), FilterExpression: new("begins_with(pk, :pool)"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":pool": &types.AttributeValueMemberS{Value: c.pool + "#"}},
	})
	var items []map[string]types.AttributeValue
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		items = append(items, page.Items...)
	}
	return items
}

// mails counts the welcome mails of each user.
func (c crowd) mails(t *testing.T) []int {
	t.Helper()
	sent, err := local.Emulator.SentEmails(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	byAddress := map[string]int{}
	for _, mail := range sent {
		for _, to := range mail.To {
			byAddress[to]++
		}
	}
	counts := make([]int, c.size)
	for i := range counts {
		counts[i] = byAddress[c.email(i)]
	}
	return counts
}
