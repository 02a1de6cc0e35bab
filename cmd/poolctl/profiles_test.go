package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/cmd/poolctl/internal/orphans"
	"cognito-triggers/local/userpool/poolclient"
	"cognito-triggers/shared/profile"
	"cognito-triggers/shared/profile/dynamo"
	"cognito-triggers/shared/tables"
)

// people is a pool with more users than a page holds, and a table with their profiles.
type people struct {
	*byHand
	table string
	store profile.Store
	subs  map[string]string // by user name
}

func newPeople(t *testing.T, users int) *people {
	t.Helper()
	p := &people{byHand: poolByHand(t), table: "profiles-" + rand.Text(), subs: map[string]string{}}
	if err := tables.CreateProfiles(t.Context(), local.DynamoDB, p.table); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tables.Delete(context.WithoutCancel(t.Context()), local.DynamoDB, p.table); err != nil {
			t.Error(err)
		}
	})
	p.store = dynamo.New(func() dynamo.API { return local.DynamoDB }, p.table)
	for i := range users {
		p.create(fmt.Sprintf("user-%02d", i), 2*time.Hour)
	}
	return p
}

// create makes a user, and a profile of that age.
func (p *people) create(name string, age time.Duration) {
	p.t.Helper()
	made, err := p.pools.AdminCreateUser(p.t.Context(), &cip.AdminCreateUserInput{
		UserPoolId: &p.id, Username: &name, MessageAction: types.MessageActionTypeSuppress,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	for _, attribute := range made.User.Attributes {
		if *attribute.Name == "sub" {
			p.subs[name] = *attribute.Value
		}
	}
	p.put(profile.Key{UserPoolID: p.id, Sub: p.subs[name]}, name, age)
}

func (p *people) put(key profile.Key, name string, age time.Duration) profile.Profile {
	p.t.Helper()
	one := profile.Profile{Key: key, Username: name, CreatedAt: time.Now().Add(-age), SchemaVersion: 1}
	if _, err := p.store.Create(p.t.Context(), one); err != nil {
		p.t.Fatal(err)
	}
	return one
}

func (p *people) leave(name string) {
	p.t.Helper()
	if _, err := p.pools.AdminDeleteUser(p.t.Context(), &cip.AdminDeleteUserInput{
		UserPoolId: &p.id, Username: &name}); err != nil {
		p.t.Fatal(err)
	}
}

// has reports whether the account has a profile, and no tombstone.
func (p *people) has(sub string) bool {
	p.t.Helper()
	_, err := p.store.Get(p.t.Context(), profile.Key{UserPoolID: p.id, Sub: sub})
	if err != nil && !errors.Is(err, profile.ErrDeleted) {
		p.t.Fatal(err)
	}
	return err == nil
}

func (p *people) orphans(stdin string, args ...string) ran {
	p.t.Helper()
	return poolctl(p.t, p.t.TempDir(), stdin, append([]string{
		"profiles", "orphans", "--user-pool-id", p.id, "--table", p.table, "--per-second", "25",
		"--table-endpoint", local.Emulator.Endpoint, "--region", local.Region,
	}, args...)...)
}

func TestOrphanedProfiles(t *testing.T) {
	p := newPeople(t, 62)
	p.create("young", time.Minute)
	gone, again, young := p.subs["user-07"], p.subs["user-61"], p.subs["young"]
	for _, name := range []string{"user-07", "user-61", "young"} {
		p.leave(name)
	}
	p.create("user-61", 2*time.Hour) // somebody else with the name
	other := profile.Key{UserPoolID: "eu-west-1_Another00", Sub: "6f0c"}
	p.put(other, "user-00", 2*time.Hour)
	deleted := profile.Key{UserPoolID: p.id, Sub: "deleted-already"}
	if err := p.store.Delete(t.Context(), deleted, time.Now(), time.Hour); err != nil {
		t.Fatal(err)
	}

	summary := p.id + ": 61 users, 64 profiles, 2 without a user, and 1 that are younger than 1h0m0s\n"
	listed := p.orphans("")
	listed.wants(t, 0, summary, "")
	for name, sub := range map[string]string{"user-07": gone, "user-61": again} {
		if !strings.Contains(listed.stdout, sub) || strings.Contains(listed.stdout, name) {
			t.Errorf("%s (%s) should be listed by sub alone:\n%s", name, sub, listed.stdout)
		}
	}
	p.orphans("no\n", "--delete").wants(t, 1, "Delete these 2 profiles? [y/N]", "nothing was deleted")
	if !p.has(gone) || !p.has(again) {
		t.Fatal("a profile was deleted without consent")
	}
	p.orphans("", "--delete", "--yes").wants(t, 0, "2 profiles deleted\n", "")
	if p.has(gone) || p.has(again) {
		t.Error("an orphan is still there")
	}
	for _, sub := range []string{young, p.subs["user-00"], p.subs["user-60"], p.subs["user-61"]} {
		if !p.has(sub) {
			t.Errorf("the profile of %s is gone", sub)
		}
	}
	if _, err := p.store.Get(t.Context(), other); err != nil {
		t.Errorf("the profile of another pool: %v", err)
	}
	p.orphans("", "--delete", "--yes").wants(t, 0, "61 users, 62 profiles, 0 without a user", "")
	p.orphans("", "--min-age", "0s").wants(t, 0, "1 without a user\n", "")
}

// An answer that is not "no such user" is no reason to delete anything.
func TestOrphansAreLookedForTwice(t *testing.T) {
	p := newPeople(t, 1)
	finder := orphans.Finder{
		Pools: p.pools, Tables: local.DynamoDB, PoolID: p.id, Table: p.table, MinAge: time.Hour, Now: time.Now,
	}
	key := profile.Key{UserPoolID: p.id, Sub: p.subs["user-00"]}
	gone, err := finder.Delete(t.Context(), profile.Profile{Key: key, Username: "user-00"})
	if err != nil || gone || !p.has(key.Sub) {
		t.Errorf("deleted the profile of a user who exists: %v, %v", gone, err)
	}
	lost := p.put(profile.Key{UserPoolID: p.id, Sub: "00000000-0000-4000-8000-000000000000"}, "nobody", 2*time.Hour)
	for operation, body := range map[string]string{
		"AdminGetUser": `{"__type":"TooManyRequestsException","message":"Rate exceeded"}`,
		"ListUsers":    `{"__type":"InternalErrorException","message":"x"}`,
	} {
		t.Run(operation, func(t *testing.T) {
			faulty := finder
			faulty.Pools = poolclient.New(failing(t, operation, body), "eu-west-1")
			if _, err := faulty.Find(t.Context()); err == nil {
				t.Error("the search went on")
			}
			if gone, err := faulty.Delete(t.Context(), lost); err == nil || gone || !p.has(lost.Sub) {
				t.Errorf("deleted %v, error %v", gone, err)
			}
		})
	}
	p.leave("user-00")
	if _, err := finder.Find(t.Context()); !errors.Is(err, orphans.ErrNoUsers) {
		t.Errorf("error %v, want %v", err, orphans.ErrNoUsers)
	}
}

// failing is the pool's address behind a proxy that answers one operation with an error.
func failing(t *testing.T, operation, body string) string {
	t.Helper()
	pool, err := url.Parse(os.Getenv("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER")) // set by poolByHand
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(pool)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.Header.Get("X-Amz-Target"), "."+operation) {
			r.Host = pool.Host
			proxy.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestOrphansUsage(t *testing.T) {
	pool := []string{"profiles", "orphans", "--user-pool-id", "eu-west-1_AbCdEfGhI", "--table", "t"}
	cases := map[string]struct {
		args   []string
		stderr string
	}{
		"no pool":         {args: []string{"profiles", "orphans"}, stderr: "--user-pool-id: name the user pool"},
		"no table":        {args: pool[:4], stderr: "--table: name the DynamoDB table"},
		"another command": {args: []string{"profiles", "delete"}, stderr: `unknown command "delete"`},
		"no pool's id":    {args: append(slices.Clone(pool), "--user-pool-id", "people"), stderr: "not a user pool ID"},
		"too fast":        {args: append(slices.Clone(pool), "--per-second", "26"), stderr: "--per-second: use 1 to 25"},
		"negative age":    {args: append(slices.Clone(pool), "--min-age", "-1h"), stderr: "--min-age"},
		"argument":        {args: append(slices.Clone(pool), "now"), stderr: `unexpected argument "now"`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) { poolctl(t, t.TempDir(), "", c.args...).wants(t, 1, "", c.stderr) })
	}
}
