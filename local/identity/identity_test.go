package identity_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"cognito-triggers/local/identity"
)

func open(t *testing.T, build string) *identity.Identity {
	t.Helper()
	i, err := identity.Open(build)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = i.Close() }) // a test may have closed it
	return i
}

// keysOf returns the encoded keys.
func keysOf(t *testing.T, i *identity.Identity) []byte {
	t.Helper()
	pair, err := i.Keys()
	if err != nil {
		t.Fatal(err)
	}
	der, err := pair.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// Also if several programs make it at once.
func TestEveryRunGetsTheSame(t *testing.T) {
	t.Parallel()
	build := filepath.Join(t.TempDir(), "build")
	var group sync.WaitGroup
	all := make([][]byte, 4)
	for n := range all {
		group.Go(func() { all[n] = keysOf(t, open(t, build)) })
	}
	group.Wait()
	for _, keys := range all {
		if !bytes.Equal(keys, all[0]) {
			t.Error("two runs have different keys")
		}
	}
	first, again := open(t, build).IDs("example.com/a"), open(t, build).IDs("example.com/a")
	if first.Pool("p", 0) != again.Pool("p", 0) || first.Client("x", "app", 0) != again.Client("x", "app", 0) ||
		first.Secret("x", "c", 0) != again.Secret("x", "c", 0) {
		t.Error("two runs have different ids")
	}
	if left, err := os.ReadDir(build); err != nil || len(left) != 1 {
		t.Errorf("left: %v, %v", left, err)
	}
}

func TestIDs(t *testing.T) {
	t.Parallel()
	ids := open(t, t.TempDir()).IDs("example.com/a")
	for want, got := range map[string]string{
		`^[0-9A-Za-z]{9}$`: ids.Pool("people", 0), `^[0-9a-z]{26}$`: ids.Client("pool", "app", 0),
		`^[0-9a-z]{52}$`: ids.Secret("pool", "client", 0),
	} {
		if !regexp.MustCompile(want).MatchString(got) {
			t.Errorf("%q does not match %s", got, want)
		}
	}
	elsewhere := open(t, t.TempDir())
	if other := elsewhere.IDs("example.com/a"); other.Pool("people", 0) != ids.Pool("people", 0) {
		t.Error("another checkout of the module has another pool id")
	} else if other.Secret("pool", "client", 0) == ids.Secret("pool", "client", 0) {
		t.Error("another checkout knows this one's client secrets")
	}
	different := map[string]bool{}
	for _, id := range []string{
		ids.Pool("people", 0), ids.Pool("people", 1), ids.Pool("other", 0), elsewhere.IDs("example.com/b").Pool("people", 0),
	} {
		different[id] = true
	}
	if len(different) != 4 {
		t.Errorf("different names have the same id: %v", different)
	}
}

func TestTheFileIsTheUsersOwn(t *testing.T) {
	t.Parallel()
	build := t.TempDir()
	open(t, build)
	info, err := os.Stat(filepath.Join(build, identity.FileName))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v: others can read the keys", info.Mode(), err)
	}
}

func TestFilesThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"empty":  {text: "", want: "is damaged"},
		"cut":    {text: `{"version":1,"sign`, want: "is damaged"},
		"no key": {text: `{"version":1}`, want: "is damaged"},
		"newer":  {text: `{"version":2}`, want: "newer version"},
	} {
		build := t.TempDir()
		path := filepath.Join(build, identity.FileName)
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := identity.Open(build)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path) ||
			!strings.Contains(err.Error(), "poolctl reset") {
			t.Errorf("%s: %v", name, err)
		}
		if removed, err := identity.Remove(build); err != nil || removed != path {
			t.Errorf("%s: removed %q, %v", name, removed, err)
		}
	}
}

func TestRemove(t *testing.T) {
	t.Parallel()
	build := t.TempDir()
	i := open(t, build)
	before := keysOf(t, i)
	if _, err := identity.Remove(build); !errors.Is(err, identity.ErrInUse) {
		t.Errorf("removed while a run uses it: %v", err)
	}
	if err := i.Close(); err != nil {
		t.Fatal(err)
	}
	if removed, err := identity.Remove(build); err != nil || removed == "" {
		t.Errorf("removed %q, %v", removed, err)
	}
	if removed, err := identity.Remove(build); err != nil || removed != "" {
		t.Errorf("removed %q, %v", removed, err)
	}
	if bytes.Equal(keysOf(t, open(t, build)), before) {
		t.Error("the keys are the same after Remove")
	}
}
