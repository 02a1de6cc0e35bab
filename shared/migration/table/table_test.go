package table

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/migration"
	"cognito-triggers/shared/migration/passwordhash"
	"cognito-triggers/shared/migration/table/tabletest"
	"cognito-triggers/shared/settings"
)

const (
	tableARN = "arn:aws:dynamodb:eu-west-1:111122223333:table/users"
	hash     = "$2a$04$7m6gTxhiHxmKECdqlS9TGOG5p.mNPICzneqIlzi8nVNhOt2eUrqq." // of Sunny100%
	argon    = "$argon2id$v=19$m=1024,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$w+1yh25tTUQDI1Hd4sVU9+wIcAHI9KoZwMBfSLwhbzA"
)

var limits = passwordhash.Limits{MemoryKiB: 64 << 10}

func source(t *testing.T, arn, description string, items ...string) (*Source, *tabletest.Server) {
	t.Helper()
	db := tabletest.New(t)
	for _, item := range items {
		if err := db.Put(t.Context(), "users", json.RawMessage(item)); err != nil {
			t.Fatal(err)
		}
	}
	env := settings.FromMap(map[string]string{
		"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
		"AWS_ENDPOINT_URL_DYNAMODB": db.URL,
	})
	client := dynamodb.NewFromConfig(awsenv.Config(env, "DYNAMODB"))
	d, err := ParseDescription(description, limits)
	if err != nil {
		t.Fatal(err)
	}
	place, err := ParseARN(arn)
	if err != nil {
		t.Fatal(err)
	}
	return New(place, d, limits, func() API { return client }), db
}

const description = `{"key":"login","lower_case":true,"password_hash":"hash","dummy_hash":"` + hash +
	`","verified":{"email":"confirmed","phone":"*"},"disabled":"blocked","second_factor":"totp","reset_required":"stale"}`

func TestAccount(t *testing.T) {
	s, _ := source(t, tableARN, description, `{"login":"ines@example.org","hash":"`+hash+`","email":"ines@example.org",`+
		`"confirmed":true,"id":20931,"blocked":"TRUE","totp":1,"stale":"no","list":[1]}`)
	for name, call := range map[string]func() (migration.Account, error){
		"sign-in": func() (migration.Account, error) { return s.SignIn(t.Context(), "INES@example.org", "Sunny100%") },
		"look-up": func() (migration.Account, error) { return s.LookUp(t.Context(), "Ines@Example.org") },
	} {
		a, err := call()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if a.Attributes["email"] != "ines@example.org" || a.Attributes["id"] != "20931" || a.Attributes["list"] != "" ||
			!a.Verified["email"] || !a.Verified["phone"] || !a.Disabled || !a.SecondFactor || a.ResetRequired {
			t.Errorf("%s: %+v", name, a)
		}
		if _, there := a.Attributes["hash"]; there {
			t.Errorf("%s: the account has the hash", name)
		}
	}
}

func TestSignInErrors(t *testing.T) {
	item := func(login, hash string) string { return fmt.Sprintf(`{"login":%q,"hash":%q}`, login, hash) }
	costly := strings.Replace(argon, "m=1024", "m=65537", 1)
	s, _ := source(t, tableARN, description, item("ines", hash), item("costly", costly), item("md5", "5f4dcc3b5aa765d6"),
		`{"login":"bare"}`, item("empty", hash))
	for name, c := range map[string]struct {
		user, password string
		want           error
	}{
		"wrong":          {"ines", "Rainy100%", migration.ErrWrongPassword},
		"empty password": {"ines", "", migration.ErrWrongPassword},
		"huge password":  {"ines", strings.Repeat("x", 1<<20), migration.ErrWrongPassword},
		"unknown":        {"nobody", "Sunny100%", migration.ErrUnknown},
		"empty name":     {"", "Sunny100%", migration.ErrUnknown},
		"huge name":      {strings.Repeat("x", 2049), "Sunny100%", migration.ErrUnknown},
		"costly":         {"costly", "Sunny100%", migration.ErrWrongPassword},
		"unsupported":    {"md5", "Sunny100%", migration.ErrWrongPassword},
		"no hash":        {"bare", "Sunny100%", migration.ErrWrongPassword},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := s.SignIn(t.Context(), c.user, c.password); !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
		})
	}
	for _, user := range []string{"costly", "md5", "bare"} {
		if a, err := s.LookUp(t.Context(), user); err != nil || !a.ResetRequired {
			t.Errorf("%s: %+v, error %v; want a reset", user, a, err)
		}
	}
}

// counting counts the checks of a hash.
type counting struct {
	passwordhash.Hash
	checks *int
}

func (c counting) Matches(password string) bool { *c.checks++; return c.Hash.Matches(password) }

// Whatever is wrong, one hash is computed, so that the time tells nothing about who exists.
func TestEveryAnswerCostsOneHash(t *testing.T) {
	s, _ := source(t, tableARN, description, `{"login":"ines","hash":"`+hash+`"}`, `{"login":"md5","hash":"x"}`)
	for _, user := range []string{"ines", "md5", "nobody"} {
		checks := 0
		s.parse = func(text string, l passwordhash.Limits) (passwordhash.Hash, error) {
			h, err := passwordhash.Parse(text, l)
			return counting{h, &checks}, err
		}
		if _, err := s.SignIn(t.Context(), user, "Rainy100%"); err == nil || checks != 1 {
			t.Errorf("%s: %d hashes, error %v", user, checks, err)
		}
	}
}

// slow is a hash that takes until it is released.
type slow struct{ release chan struct{} }

func (s slow) Matches(string) bool { <-s.release; return true }

// A computation that outlasts the context is not waited for, and the next sign-in does not start a second one.
func TestSlowHashEndsWithTheContext(t *testing.T) {
	s, _ := source(t, tableARN, description, `{"login":"ines","hash":"`+hash+`"}`)
	release := make(chan struct{})
	s.parse = func(string, passwordhash.Limits) (passwordhash.Hash, error) { return slow{release}, nil }
	for range 2 {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		_, err := s.SignIn(ctx, "ines", "Sunny100%")
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
	}
	close(release)
	if _, err := s.SignIn(t.Context(), "ines", "Sunny100%"); err != nil {
		t.Error(err)
	}
}

func TestIndex(t *testing.T) {
	items := []string{
		`{"id":1,"login":"ines","hash":"` + hash + `"}`, `{"id":2,"login":"twin"}`, `{"id":3,"login":"twin"}`,
	}
	s, _ := source(t, tableARN+"/index/by-login", description, items...)
	if a, err := s.SignIn(t.Context(), "ines", "Sunny100%"); err != nil || a.Attributes["id"] != "1" {
		t.Errorf("%+v, error %v", a, err)
	}
	if _, err := s.LookUp(t.Context(), "twin"); !errors.Is(err, errSeveral) {
		t.Errorf("error %v", err)
	}
	if _, err := s.LookUp(t.Context(), "nobody"); !errors.Is(err, migration.ErrUnknown) {
		t.Errorf("error %v", err)
	}
}

func TestTableThatIsMissing(t *testing.T) {
	s, _ := source(t, tableARN, description)
	for _, err := range []error{second(s.SignIn(t.Context(), "ines", "x")), second(s.LookUp(t.Context(), "ines"))} {
		if err == nil || errors.Is(err, migration.ErrUnknown) || errors.Is(err, migration.ErrWrongPassword) {
			t.Errorf("error %v: the source did not decide", err)
		}
	}
}

func second(_ migration.Account, err error) error { return err }

func TestDescriptionsThatAreRefused(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"not JSON":       {`login`, "no description"},
		"unknown member": {`{"keys":"login"}`, "unknown field"},
		"no key":         {`{"password_hash":"h","dummy_hash":"` + hash + `"}`, "member key"},
		"no hash":        {`{"key":"login","dummy_hash":"` + hash + `"}`, "member password_hash"},
		"no dummy":       {`{"key":"login","password_hash":"h"}`, "member dummy_hash"},
		"dummy's kind":   {`{"key":"login","password_hash":"h","dummy_hash":"secret-md5"}`, "dummy_hash"},
		"dummy's cost": {`{"key":"l","password_hash":"h","dummy_hash":"` + strings.Replace(argon, "m=1024", "m=65537", 1) +
			`"}`, "costs more"},
		"verified by nothing": {
			`{"key":"l","password_hash":"h","dummy_hash":"` + hash + `","verified":{"email":""}}`, "verified",
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ParseDescription(c.text, limits)
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret-md5") {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
	for _, arn := range []string{
		"", "users", "arn:aws:dynamodb:eu-west-1:111122223333:table/*", "arn:aws:s3:::users", tableARN + "/stream/x",
	} {
		if place, err := ParseARN(arn); err == nil {
			t.Errorf("%s: %v", arn, place)
		}
	}
}
