// Package statetest is a conformance test suite for implementations of state.Store.
package statetest

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cognito-triggers/local/userpool/state"
)

// Open returns an empty store that uses the clock now.
type Open func(t *testing.T, now func() time.Time) state.Store

// suite is the store and the clock of one test.
type suite struct {
	state.Store
	t   *testing.T
	now time.Time
}

const pool = "eu-west-1_Pool00001"

// Run tests a store against the contract of state.Store.
func Run(t *testing.T, open Open) {
	for name, test := range map[string]func(*suite){
		"Pools":                      pools,
		"PoolsAreCopies":             poolsAreCopies,
		"DeletedPoolTakesAllWithIt":  deletedPool,
		"Clients":                    clients,
		"Users":                      users,
		"UsersAreCopies":             usersAreCopies,
		"NamesAndCapitals":           capitals,
		"UsernameAttributes":         usernameAttributes,
		"Aliases":                    aliases,
		"AliasesAreTaken":            aliasesAreTaken,
		"CreatedWithAliases":         createdWithAliases,
		"NameIsKept":                 nameIsKept,
		"DeletedUserLeavesNothing":   deletedUser,
		"Groups":                     groups,
		"GroupsByPrecedence":         precedence,
		"SessionsAreTakenOnce":       sessions,
		"Families":                   families,
		"RevokedFamilies":            revoked,
		"FailedChangesChangeNothing": failedChanges,
		"NothingOfNoPool":            nowhere,
		"CountsInParallel":           countsInParallel,
		"OneOfManyUsers":             oneOfManyUsers,
		"OneOfManyAliases":           oneOfManyAliases,
		"OneOfManySessions":          oneOfManySessions,
		"Identities":                 identities,
		"OneOfManyIdentities":        oneOfManyIdentities,
		"OneOfManyRotations":         oneOfManyRotations,
	} {
		t.Run(name, func(t *testing.T) {
			s := &suite{t: t, now: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)}
			s.Store = open(t, func() time.Time { return s.now })
			test(s)
		})
	}
}

func (s *suite) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *suite) want(err, want error) {
	s.t.Helper()
	if !errors.Is(err, want) {
		s.t.Errorf("error = %v, want %v", err, want)
	}
}

// pool creates the pool.
func (s *suite) pool(settings state.PoolSettings) {
	s.t.Helper()
	s.must(s.CreatePool(state.Pool{ID: pool, Settings: &settings, Created: s.now}))
}

// user creates a user; attributes are given in pairs.
func (s *suite) user(name, status string, pairs ...string) error {
	u := state.User{Username: name, Status: status, Attributes: map[string]string{"sub": "sub-" + name}}
	for i := 0; i < len(pairs); i += 2 {
		u.Attributes[pairs[i]] = pairs[i+1]
	}
	return s.CreateUser(pool, u, state.KeepAliases)
}

// wantFound looks up a user. An empty want means that there is none.
func (s *suite) wantFound(name, want string) {
	s.t.Helper()
	u, err := s.FindUser(pool, name)
	if want == "" && !errors.Is(err, state.ErrNotFound) || want != "" && (err != nil || u.Username != want) {
		s.t.Errorf("%s is %q, %v, want %q", name, u.Username, err, want)
	}
}

func wantList[T any](s *suite, what string, list []T, name func(T) string, want string) {
	s.t.Helper()
	var got []string
	for _, entry := range list {
		got = append(got, name(entry))
	}
	if !slices.Equal(got, strings.Fields(want)) {
		s.t.Errorf("%s: %v, want %s", what, got, want)
	}
}

// inParallel runs do concurrently and counts the successes.
func inParallel(times int, do func(n int) error) (succeeded int) {
	var group sync.WaitGroup
	var mu sync.Mutex
	gate := make(chan struct{})
	for n := range times {
		group.Go(func() {
			<-gate
			if do(n) == nil {
				mu.Lock()
				succeeded++
				mu.Unlock()
			}
		})
	}
	close(gate)
	group.Wait()
	return succeeded
}

const many = 64
