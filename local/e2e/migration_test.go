package e2e

import (
	"cmp"
	"context"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"
	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/bcrypt"
	"golang.org/x/crypto/scrypt"

	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/local/pooltest"
	"cognito-triggers/local/replay"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/migration/service"
	"cognito-triggers/shared/tables"
)

// costs are those of a small test, or with MIGRATION_USERS those that systems have.
type costs struct{ bcrypt, scrypt, pbkdf2, argonMemory, argonPasses int }

var (
	cheap     = costs{bcrypt: 4, scrypt: 10, pbkdf2: 1000, argonMemory: 1024, argonPasses: 1}
	realistic = costs{bcrypt: 10, scrypt: 14, pbkdf2: 210_000, argonMemory: 19 << 10, argonPasses: 2}
)

// hashers write hashes as libraries of other languages do.
func hashers(c costs) map[string]func(password string) string {
	b64 := base64.RawStdEncoding.EncodeToString
	salt := func() []byte {
		s := make([]byte, 16)
		_, _ = rand.Read(s)
		return s
	}
	return map[string]func(password string) string{
		"bcrypt": func(password string) string {
			h, _ := bcrypt.GenerateFromPassword([]byte(password), c.bcrypt)
			return string(h)
		},
		"scrypt": func(password string) string {
			s := salt()
			key, _ := scrypt.Key([]byte(password), s, 1<<c.scrypt, 8, 1, 32)
			return fmt.Sprintf("$scrypt$ln=%d,r=8,p=1$%s$%s", c.scrypt, b64(s), b64(key))
		},
		"PBKDF2": func(password string) string {
			s := salt()
			key, _ := pbkdf2.Key(sha256.New, password, s, c.pbkdf2, 32)
			return fmt.Sprintf("$pbkdf2-sha256$i=%d$%s$%s", c.pbkdf2, b64(s), b64(key))
		},
		"argon2id": func(password string) string {
			s := salt()
			key := argon2.IDKey([]byte(password), s, uint32(c.argonPasses), uint32(c.argonMemory), 1, 32)
			return fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=1$%s$%s", c.argonMemory, c.argonPasses, b64(s), b64(key))
		},
	}
}

// binary is a compiled function as a handler of a test's pool.
type binary struct{ function }

func (b binary) Invoke(ctx context.Context, event []byte) ([]byte, error) {
	result, err := b.function.Runner.Invoke(ctx, event)
	var refused *lambdaruntime.FunctionError
	if errors.As(err, &refused) {
		err = errors.New(refused.Message)
	}
	return result.Payload, err
}

// oldTable makes a table of users in the emulator and returns the function's settings for it. dummy is a hash.
func oldTable(t *testing.T, dummy string, users []members) map[string]string {
	t.Helper()
	name := "old-users-" + strings.ToLower(rand.Text())
	if err := tables.Create(t.Context(), local.DynamoDB, name, "login"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tables.Delete(context.Background(), local.DynamoDB, name) })
	table := replay.Tables{DB: local.DynamoDB}
	for _, user := range users {
		item, err := json.Marshal(user)
		if err == nil {
			err = table.Put(t.Context(), name, item)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	description, err := json.Marshal(map[string]any{
		"key": "login", "password_hash": "hash", "dummy_hash": dummy, "verified": map[string]string{"email": "*"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{
		"MIGRATION_SOURCE":    "table",
		"MIGRATION_TABLE_ARN": "arn:aws:dynamodb:" + local.Region + ":111122223333:table/" + name,
		"MIGRATION_TABLE":     string(description),
	}
}

// Users of an old system sign in with their passwords as before, with nothing but that: 1,000 of each kind of hash in
// `make test-migration`, a few in `make test`. Everybody is refused with a wrong password first, and then nobody is
// there.
func TestMigrationOfManyUsers(t *testing.T) {
	users, cost := 3, cheap
	if whole := os.Getenv("MIGRATION_USERS"); whole != "" {
		var err error
		if users, err = strconv.Atoi(whole); err != nil {
			t.Fatal(err)
		}
		cost = realistic
	}
	const passwords = 20 // different ones, since making a hash costs as much as checking it
	for kind, hash := range hashers(cost) {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			password := func(i int) string { return fmt.Sprintf("Sunny%d%%day", i%passwords) }
			name := func(i int) string { return fmt.Sprintf("user-%d", i) }
			var hashes []string
			for i := range min(users, passwords) {
				hashes = append(hashes, hash(password(i)))
			}
			var old []members
			for i := range users {
				old = append(old, members{
					"login": name(i), "email": name(i) + "@example.org", "hash": hashes[i%passwords], "name": "Ines",
				})
			}
			f := start(t, "user-migration", oldTable(t, hash("nobody's"), old))
			p := pooltest.Start(t, pooltest.OnBytes(cognito.UserMigration, binary{f}))

			began, slowest := time.Now(), time.Duration(0)
			var mu sync.Mutex
			signIn := func(i int, password string) error {
				from := time.Now()
				_, err := p.SignIn(name(i), password)
				mu.Lock()
				defer mu.Unlock()
				slowest = max(slowest, time.Since(from))
				return err
			}
			each := func(do func(i int)) {
				all := make([]int, users)
				for i := range all {
					all[i] = i
				}
				twoAtATime(all, do)
			}
			each(func(i int) {
				if err := signIn(i, "Rainy1%day"); !refusedWith(err, "Incorrect username or password") {
					t.Errorf("%s with a wrong password: %v", name(i), err)
				}
			})
			if n := usersOf(t, p); n != 0 {
				t.Errorf("after wrong passwords alone, the pool has %d users", n)
			}
			each(func(i int) {
				if err := signIn(i, password(i)); err != nil {
					t.Errorf("%s with the right password: %v", name(i), err)
				}
			})
			if n := usersOf(t, p); n != users {
				t.Errorf("the pool has %d users, want %d", n, users)
			}
			f.Kill()
			if n := f.counted("UsersMigrated"); n != users {
				t.Errorf("UsersMigrated is %d, want %d", n, users)
			}
			t.Logf("%s: %d users migrated, %d wrong passwords refused, in %v; the slowest sign-in took %v", kind, users, users,
				time.Since(began).Round(time.Millisecond), slowest.Round(time.Millisecond))
		})
	}
}

// twoAtATime is inParallel for work that needs a processor.
func twoAtATime(users []int, do func(int)) {
	queue := make(chan int)
	var workers sync.WaitGroup
	for range 2 {
		workers.Go(func() {
			for user := range queue {
				do(user)
			}
		})
	}
	for _, user := range users {
		queue <- user
	}
	close(queue)
	workers.Wait()
}

// refusedWith reports whether the migration was refused with the text.
func refusedWith(err error, text string) bool {
	var refused *types.UserLambdaValidationException
	return errors.As(err, &refused) && refused.ErrorMessage() == "UserMigration failed with error "+text+"."
}

// usersOf counts the users of a pool.
func usersOf(t *testing.T, p *pooltest.Pool) int {
	t.Helper()
	count := 0
	pages := cip.NewListUsersPaginator(p.Client, &cip.ListUsersInput{UserPoolId: &p.ID})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		count += len(page.Users)
	}
	return count
}

// stalling starts a service with TLS that takes a request and answers after 10 s. It returns the settings of a source
// behind it.
func stalling(t *testing.T) map[string]string {
	t.Helper()
	stop := make(chan struct{})
	server := httptest.NewTLSServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(10 * time.Second):
		case <-stop:
		}
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(stop) })
	return map[string]string{
		"MIGRATION_SOURCE": "service", "MIGRATION_URL": server.URL + "/users", "MIGRATION_KEY": strings.Repeat("k", 32),
		"MIGRATION_CA": certificateOf(server),
	}
}

func certificateOf(server *httptest.Server) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
}

// A source that hangs leaves nobody in the pool, and the function answers before Cognito gives up and calls again.
func TestStalledSourcesOfUsers(t *testing.T) {
	stalled := newStalled(t)
	cheapHash := hashers(cheap)["bcrypt"]("x")
	sources := map[string]map[string]string{
		"service": stalling(t),
		"service before its handshake": with(stalling(t),
			"MIGRATION_URL", strings.Replace(stalled.url, "http:", "https:", 1)),
		"service, its secret": with(stalling(t), "MIGRATION_KEY", "",
			"MIGRATION_SECRET_ARN", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:key-AbCdEf",
			"AWS_ENDPOINT_URL_SECRETS_MANAGER", stalled.url),
		"table": with(oldTable(t, cheapHash, nil), dynamoDB, stalled.url),
		"user pool": {
			"MIGRATION_SOURCE": "user-pool", "MIGRATION_CLIENT_ID": "1example",
			"MIGRATION_POOL_ARN": "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_OldPool",
			cognitoIDP:           stalled.url,
		},
	}
	var wait sync.WaitGroup
	pools := map[string]*pooltest.Pool{}
	for name, settings := range sources {
		f := start(t, "user-migration", settings)
		p := pooltest.Start(t, pooltest.OnBytes(cognito.UserMigration, binary{f}))
		pools[name] = p
		for what, call := range map[string]func() error{
			"sign-in": func() error { _, err := p.SignIn("ines@example.org", "Sunny100%"); return err },
			"reset":   func() error { return p.ForgotPassword("leon@example.org") },
		} {
			wait.Go(func() {
				from := time.Now()
				err := call()
				if took := time.Since(from); took > inTime {
					t.Errorf("%s, %s: the answer took %v", name, what, took)
				}
				var refused *types.UserLambdaValidationException
				if !errors.As(err, &refused) || !strings.Contains(refused.ErrorMessage(), "Something went wrong") {
					t.Errorf("%s, %s: %v", name, what, err)
				}
			})
		}
	}
	wait.Wait()
	for name, p := range pools {
		if n := usersOf(t, p); n != 0 {
			t.Errorf("%s: the pool has %d users", name, n)
		}
		if fired := len(p.Fired()); fired != 2 {
			t.Errorf("%s: %d calls of the trigger, want 2: each answered at the first attempt", name, fired)
		}
	}
}

// An alias stays with the user who has it, whoever comes from the old system with the same address.
func TestMigrationTakesNoAlias(t *testing.T) {
	hash := hashers(cheap)["bcrypt"]("Sunny100%")
	f := start(t, "user-migration", with(oldTable(t, hash, []members{
		{"login": "mallory", "email": "victim@example.org", "hash": hash, "id": 7},
	}), "ATTRIBUTES", `{"email":"email"}`))
	p := pooltest.Start(t, pooltest.OnBytes(cognito.UserMigration, binary{f}),
		pooltest.WithPool(func(in *cip.CreateUserPoolInput) {
			in.AliasAttributes = []types.AliasAttributeType{types.AliasAttributeTypeEmail}
		}))
	victim := pooltest.User{
		Name: "victim", Password: "Cloudy100%", Attributes: map[string]string{"email": "victim@example.org"},
	}
	if err := errors.Join(p.SignUp(victim), p.Confirm("victim")); err != nil {
		t.Fatal(err)
	}
	_, err := p.SignIn("mallory", "Sunny100%")
	var taken smithy.APIError // the SDK has no type for it at this operation
	if !errors.As(err, &taken) || taken.ErrorCode() != "AliasExistsException" || usersOf(t, p) != 1 {
		t.Errorf("mallory came with the address of a user of the pool: %v, and the pool has %d users", err, usersOf(t, p))
	}
	if _, err := p.SignIn("victim@example.org", "Cloudy100%"); err != nil {
		t.Errorf("the victim cannot sign in by the alias any more: %v", err)
	}
	attributes, err := p.Attributes("victim")
	if err != nil || cmp.Or(attributes["email_verified"], "false") != "true" {
		t.Errorf("the victim's address is verified: %q, error %v", attributes["email_verified"], err)
	}
}

// A password below the policy is not taken over: the user exists, with a verified address, and sets another one.
func TestWeakPasswordsAreReset(t *testing.T) {
	hash := hashers(cheap)["bcrypt"]("sunny")
	f := start(t, "user-migration", oldTable(t, hash, []members{
		{"login": "ines", "email": "ines@example.org", "hash": hash, "name": "Ines"},
	}))
	p := pooltest.Start(t, pooltest.OnBytes(cognito.UserMigration, binary{f}))
	for range 2 {
		_, err := p.SignIn("ines", "sunny")
		var reset *types.PasswordResetRequiredException
		if !errors.As(err, &reset) {
			t.Fatalf("sign-in with a weak password: %v", err)
		}
	}
	if err := errors.Join(p.ForgotPassword("ines"), p.ResetPassword("ines", "Sunny100%")); err != nil {
		t.Fatal(err)
	}
	if _, err := p.SignIn("ines", "Sunny100%"); err != nil {
		t.Error(err)
	}
}

// Users come from another pool by its API, and nobody else registers with their address meanwhile.
func TestOldPoolAndGuard(t *testing.T) {
	old := pooltest.Start(t)
	user := pooltest.User{
		Name: "ines", Password: "Sunny100%", Attributes: map[string]string{"email": "ines@example.org", "name": "Ines"},
	}
	if err := errors.Join(old.SignUp(user), old.Confirm("ines")); err != nil {
		t.Fatal(err)
	}
	settings := map[string]string{
		"MIGRATION_SOURCE": "user-pool", "MIGRATION_CLIENT_ID": old.ClientID, cognitoIDP: old.Endpoint,
		"MIGRATION_POOL_ARN": "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/" + old.ID,
	}
	app := start(t, "user-migration", with(settings, "MIGRATION_AS_APP", "true"))
	guard, migrates := start(t, "pre-sign-up", settings), start(t, "user-migration", settings)
	asApp := pooltest.Start(t, pooltest.OnBytes(cognito.UserMigration, binary{app}))
	p := pooltest.Start(t, pooltest.OnBytes(cognito.UserMigration, binary{migrates}),
		pooltest.OnBytes(cognito.PreSignUp, binary{guard}))

	squatter := user
	squatter.Password = "Squatter1%"
	if err := p.SignUp(squatter); err == nil || !strings.Contains(err.Error(), "You already have an account") {
		t.Errorf("somebody registered the name of an old user: %v", err)
	}
	if err := p.SignUp(pooltest.User{Name: "leon", Password: "Sunny100%"}); err != nil {
		t.Errorf("a newcomer: %v", err)
	}
	for name, pool := range map[string]*pooltest.Pool{"as administrator": p, "as app": asApp} {
		if _, err := pool.SignIn("ines", "Rainy100%"); !refusedWith(err, "Incorrect username or password") {
			t.Errorf("%s, wrong password: %v", name, err)
		}
		if _, err := pool.SignIn("nobody", "Rainy100%"); !refusedWith(err, "Incorrect username or password") {
			t.Errorf("%s, unknown: %v", name, err)
		}
		tokens, err := pool.SignIn("ines", "Sunny100%")
		if err != nil || tokens.IDClaims["email"] != "ines@example.org" || tokens.IDClaims["email_verified"] != true {
			t.Errorf("%s: claims %v, error %v", name, tokens.IDClaims, err)
		}
	}
}

// A service behind TLS with a private authority, asked by the compiled function.
func TestServiceAsSource(t *testing.T) {
	key := strings.Repeat("k", 32)
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var request service.Request
		err := errors.Join(service.Verify(r.Header, []byte(key), body, time.Now()), json.Unmarshal(body, &request))
		answer := service.Response{Result: service.Unknown}
		switch {
		case err != nil:
			w.WriteHeader(http.StatusUnauthorized)
			return
		case request.UserName == "ines" && request.Operation == service.SignIn && request.Password != "Sunny100%":
			answer.Result = service.WrongPassword
		case request.UserName == "ines":
			answer = service.Response{
				Result: service.Found, Verified: []string{"email"},
				Attributes: map[string]string{"email": "ines@example.org"},
			}
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(answer)
	}))
	t.Cleanup(server.Close)
	f := start(t, "user-migration", map[string]string{
		"MIGRATION_SOURCE": "service", "MIGRATION_URL": server.URL, "MIGRATION_KEY": key,
		"MIGRATION_CA": certificateOf(server),
	})
	p := pooltest.Start(t, pooltest.OnBytes(cognito.UserMigration, binary{f}))
	if _, err := p.SignIn("ines", "Rainy100%"); !refusedWith(err, "Incorrect username or password") {
		t.Errorf("wrong password: %v", err)
	}
	if err := errors.Join(p.ForgotPassword("ines"), p.ResetPassword("ines", "Cloudy100%")); err != nil {
		t.Fatal(err)
	}
	if _, err := p.SignIn("ines", "Cloudy100%"); err != nil || usersOf(t, p) != 1 {
		t.Errorf("after the reset: %v, %d users", err, usersOf(t, p))
	}
	if err := p.ForgotPassword("nobody"); err == nil || usersOf(t, p) != 1 {
		t.Errorf("an unknown user: %v, %d users", err, usersOf(t, p))
	}
}
