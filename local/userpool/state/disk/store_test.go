package disk_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cognito-triggers/local/userpool/state"
	"cognito-triggers/local/userpool/state/disk"
	"cognito-triggers/local/userpool/state/statetest"
	"cognito-triggers/shared/cognito"
)

func TestStore(t *testing.T) {
	t.Parallel()
	statetest.Run(t, func(t *testing.T, now func() time.Time) state.Store {
		s := open(t, t.TempDir(), now)
		t.Cleanup(func() { shut(t, s) })
		return s
	})
}

// The contract holds if the store is closed and opened again before every call.
func TestReopenedStore(t *testing.T) {
	t.Parallel()
	statetest.Run(t, func(t *testing.T, now func() time.Time) state.Store {
		r := &reopened{t: t, dir: t.TempDir(), now: now}
		r.store = open(t, r.dir, now)
		t.Cleanup(func() { shut(t, r.store) })
		return r
	})
}

func open(t *testing.T, dir string, now func() time.Time) *disk.Store {
	t.Helper()
	s, err := disk.Open(dir, now)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func shut(t *testing.T, s *disk.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func clock() time.Time { return time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC) }

const (
	pool    = "eu-west-1_Pool00001"
	journal = "pool.journal"
)

// filled returns a folder with a pool and a user for each name, each in a frame of its own, and the ends of the frames.
func filled(t *testing.T, names ...string) (dir string, ends []int64) {
	t.Helper()
	dir = t.TempDir()
	s := open(t, dir, clock)
	must(t, s.CreatePool(state.Pool{ID: pool, Settings: &state.PoolSettings{PoolName: "people"}}))
	for _, name := range names {
		must(t, s.CreateUser(pool, state.User{Username: name}, state.KeepAliases))
		must(t, s.Sync())
		info, err := os.Stat(filepath.Join(dir, journal))
		must(t, err)
		ends = append(ends, info.Size())
	}
	shut(t, s)
	return dir, ends
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// What Sync returned for is there after the program was killed, which closes nothing.
func TestSyncedIsKept(t *testing.T) {
	t.Parallel()
	dir, _ := filled(t, "ines", "paul")
	s := open(t, dir, clock)
	defer shut(t, s)
	if n := s.CountUsers(pool); n != 2 {
		t.Errorf("%d users, want 2", n)
	}
	if p, err := s.Pool(pool); err != nil || p.Settings.PoolName != "people" {
		t.Errorf("the pool is %+v, %v", p, err)
	}
}

// A program that is killed while it writes leaves a part of the last frame. It is dropped, and the rest is there.
func TestTornFrameIsDropped(t *testing.T) {
	t.Parallel()
	dir, ends := filled(t, "ines", "paul")
	whole, err := os.ReadFile(filepath.Join(dir, journal))
	must(t, err)
	for end := ends[0]; end < ends[1]; end++ {
		must(t, os.WriteFile(filepath.Join(dir, journal), whole[:end], 0o600))
		s := open(t, dir, clock)
		if n := s.CountUsers(pool); n != 1 {
			t.Errorf("cut at byte %d: %d users, want 1", end, n)
		}
		must(t, s.CreateUser(pool, state.User{Username: "rosa"}, state.KeepAliases))
		shut(t, s)
		s = open(t, dir, clock)
		if n := s.CountUsers(pool); n != 2 {
			t.Errorf("cut at byte %d, one more written: %d users, want 2", end, n)
		}
		shut(t, s)
	}
	for end := range len("cognito-triggers pool state 1\n") { // killed while the journal was made
		must(t, os.WriteFile(filepath.Join(dir, journal), whole[:end], 0o600))
		shut(t, open(t, dir, clock))
	}
}

// A change of any byte is noticed; the error names the file and the way out.
func TestDamageIsNoticed(t *testing.T) {
	t.Parallel()
	dir, _ := filled(t, "ines", "paul")
	path := filepath.Join(dir, journal)
	whole, err := os.ReadFile(path)
	must(t, err)
	for at := range whole {
		whole[at] ^= 0x10
		must(t, os.WriteFile(path, whole, 0o600))
		whole[at] ^= 0x10
		s, err := disk.Open(dir, clock)
		if err == nil {
			t.Errorf("byte %d: opened", at)
			shut(t, s)
			continue
		}
		if !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "poolctl reset --state "+dir) {
			t.Errorf("byte %d: %v", at, err)
		}
	}
}

func TestNewerFormatIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, journal), []byte("cognito-triggers pool state 2\nwhatever"), 0o600))
	_, err := disk.Open(dir, clock)
	if err == nil || !strings.Contains(err.Error(), "newer version") || !strings.Contains(err.Error(), "poolctl reset") {
		t.Errorf("error %v", err)
	}
}

func TestOneProgramAtATime(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, clock)
	if _, err := disk.Open(dir, clock); !errors.Is(err, disk.ErrInUse) || !strings.Contains(err.Error(), dir) {
		t.Errorf("opened twice: %v", err)
	}
	if removed, err := disk.Remove(dir); !errors.Is(err, disk.ErrInUse) || removed != nil {
		t.Errorf("removed %v while it is open: %v", removed, err)
	}
	shut(t, s)
	shut(t, open(t, dir, clock))
}

func TestRemoveLeavesOtherFiles(t *testing.T) {
	t.Parallel()
	dir, _ := filled(t, "ines")
	other := filepath.Join(dir, "notes.txt")
	must(t, os.WriteFile(other, nil, 0o644))
	must(t, os.WriteFile(filepath.Join(dir, disk.IdentitiesName), nil, 0o600))
	if removed, err := disk.Remove(dir); err != nil || len(removed) != 3 {
		t.Errorf("removed %v, %v", removed, err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 || left[0].Name() != "notes.txt" {
		t.Errorf("left: %v, %v", left, err)
	}
	if removed, err := disk.Remove(dir); err != nil || removed != nil {
		t.Errorf("nothing is there, but removed %v, %v", removed, err)
	}
	must(t, os.Remove(other))
	shut(t, open(t, dir, clock))
	if _, err := disk.Remove(dir); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the empty folder is still there: %v", err)
	}
}

// The files have password hashes, keys and codes.
func TestFilesAreTheUsersOwn(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "state")
	s := open(t, dir, clock)
	defer shut(t, s)
	must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		must(t, err)
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return err
	}))
}

// A journal that is written often does not grow for ever, and keeps everything when it is written anew.
func TestJournalIsCompacted(t *testing.T) {
	t.Parallel()
	dir, _ := filled(t, "ines", "paul")
	s := open(t, dir, clock)
	s.PutMessage(1, json.RawMessage(`{"n":1}`), 1)
	large := strings.Repeat("x", 1<<20)
	for n := range 40 {
		_, err := s.UpdateUser(pool, "ines", state.KeepAliases, func(u *state.User) error {
			u.Attributes["name"] = fmt.Sprint(n, large)
			return nil
		})
		must(t, err)
		must(t, s.Sync())
	}
	info, err := os.Stat(filepath.Join(dir, journal))
	if err != nil || info.Size() > 20<<20 {
		t.Errorf("%d bytes, %v: it was not compacted", info.Size(), err)
	}
	shut(t, s)
	s = open(t, dir, clock)
	defer shut(t, s)
	u, err := s.FindUser(pool, "ines")
	if n := s.CountUsers(pool); err != nil || n != 2 || u.Attributes["name"] != "39"+large {
		t.Errorf("%d users, Ines's name has %d bytes, %v", n, len(u.Attributes["name"]), err)
	}
	if messages := s.Messages(); string(messages[1]) != `{"n":1}` {
		t.Errorf("messages %v", messages)
	}
}

func TestMessagesAreKept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, clock)
	for n := 1; n <= 5; n++ {
		s.PutMessage(n, json.RawMessage(fmt.Sprint(n)), n-2) // three are kept
	}
	shut(t, s)
	s = open(t, dir, clock)
	defer shut(t, s)
	want := map[int]json.RawMessage{3: json.RawMessage("3"), 4: json.RawMessage("4"), 5: json.RawMessage("5")}
	if got := s.Messages(); !reflect.DeepEqual(got, want) {
		t.Errorf("messages %v", got)
	}
}

// Once something could not be written, no later change may be taken for kept.
func TestFailedSyncIsNotForgotten(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir(), clock)
	must(t, s.CreatePool(state.Pool{ID: pool, Settings: &state.PoolSettings{}}))
	shut(t, s) // its file is closed now
	must(t, s.CreateUser(pool, state.User{Username: "ines"}, state.KeepAliases))
	first := s.Sync()
	if first == nil || s.Sync() != first {
		t.Errorf("errors %v and %v", first, s.Sync())
	}
}

// Every member of every record is kept, also those that are set to nothing.
func TestRecordsAreKeptWhole(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, clock)
	var p state.Pool
	fill(reflect.ValueOf(&p).Elem(), "")
	p.ID, p.Settings.PoolName = pool, "people"
	var client state.Client
	fill(reflect.ValueOf(&client).Elem(), "")
	client.Pool = pool
	var user state.User
	fill(reflect.ValueOf(&user).Elem(), "")
	delete(user.Attributes, "identities")
	var group state.Group
	fill(reflect.ValueOf(&group).Elem(), "")
	zero := 0
	group.Precedence = &zero
	var family state.Family
	fill(reflect.ValueOf(&family).Elem(), "")
	family.Pool, family.Username = pool, user.Username
	var session state.Session
	fill(reflect.ValueOf(&session).Elem(), "")
	session.Spent = false
	must(t, errors.Join(s.CreatePool(p), s.CreateClient(client), s.CreateUser(pool, user, state.KeepAliases),
		s.CreateGroup(pool, group), s.SetMember(pool, group.Name, user.Username, state.Member)))
	s.CreateFamily(family)
	s.PutSession("token", session)
	shut(t, s)
	s = open(t, dir, clock)
	defer shut(t, s)
	same := func(what string, got, want any, err error) {
		t.Helper()
		if !reflect.DeepEqual(got, want) || err != nil {
			t.Errorf("%s: %v\n got %+v\nwant %+v", what, err, got, want)
		}
	}
	gotPool, err := s.Pool(pool)
	same("pool", gotPool, p, err)
	gotClient, err := s.Client(client.ID)
	same("client", gotClient, client, err)
	gotUser, err := s.FindUser(pool, user.Username)
	same("user", gotUser, user, err)
	gotGroup, err := s.Group(pool, group.Name)
	same("group", gotGroup, group, err)
	same("members", s.Members(pool, group.Name), []string{user.Username}, nil)
	gotFamily, err := s.Family(family.OriginJTI)
	same("family", gotFamily, family, err)
	gotSession, err := s.TakeSession("token")
	same("session", gotSession, session, err)
}

// fill sets every field of a value to something.
func fill(v reflect.Value, name string) {
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(clock().Add(time.Hour)))
		return
	case json.RawMessage:
		v.Set(reflect.ValueOf(json.RawMessage(`{"a":"<b>"}`)))
		return
	case cognito.LambdaConfig:
		var config cognito.LambdaConfig
		const members = `{"PreSignUp":"arn:a","PreTokenGenerationConfig":{"LambdaArn":"arn:a","LambdaVersion":"V2_0"}}`
		_ = json.Unmarshal([]byte(members), &config) // it would be empty, which the comparison shows
		v.Set(reflect.ValueOf(config))
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), name)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), v.Type().Field(i).Name)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), name)
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), name)
		}
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key, "Key")
		fill(value, name)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.String:
		v.SetString("text-" + name + "é")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(7)
	case reflect.Uint8, reflect.Uint32:
		v.SetUint(9)
	}
}

// What an answer waits for: alone, and beside others, with which it shares the disk.
func BenchmarkSync(b *testing.B) {
	s, err := disk.Open(b.TempDir(), clock)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	if err := s.CreatePool(state.Pool{ID: pool, Settings: &state.PoolSettings{}}); err != nil {
		b.Fatal(err)
	}
	var count atomic.Int64
	add := func() {
		name := fmt.Sprint(count.Add(1))
		u := state.User{Username: name, Attributes: map[string]string{"email": name + "@example.org"}}
		if err := errors.Join(s.CreateUser(pool, u, state.KeepAliases), s.Sync()); err != nil {
			b.Error(err)
		}
	}
	b.Run("alone", func(b *testing.B) {
		for b.Loop() {
			add()
		}
	})
	b.Run("with others", func(b *testing.B) {
		b.SetParallelism(8)
		b.RunParallel(func(p *testing.PB) {
			for p.Next() {
				add()
			}
		})
	})
}
