package storesecret

import (
	"bytes"
	"context"
	"errors"
	"testing"
)

// table is a store's table. faster is what another process puts into it before this one does.
type table struct {
	secret, faster  []byte
	reads, puts     int
	readErr, putErr error
}

func (t *table) read(context.Context) ([]byte, error) {
	t.reads++
	return t.secret, t.readErr
}

func (t *table) put(_ context.Context, made []byte) (bool, error) {
	t.puts++
	if t.putErr != nil {
		return false, t.putErr
	}
	if t.faster != nil {
		t.secret = t.faster
		return true, nil
	}
	t.secret = made
	return false, nil
}

func TestGet(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		table       table
		reads, puts int
	}{
		"there is one":          {table: table{secret: []byte("there")}, reads: 1},
		"there is none":         {reads: 1, puts: 1},
		"another one is faster": {table: table{faster: []byte("theirs")}, reads: 2, puts: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var s Secret
			for range 2 {
				got, err := s.Get(t.Context(), c.table.read, c.table.put)
				if err != nil || len(got) == 0 || !bytes.Equal(got, c.table.secret) {
					t.Errorf("%q, want %q, error %v", got, c.table.secret, err)
				}
			}
			if c.table.reads != c.reads || c.table.puts != c.puts {
				t.Errorf("%d reads and %d writes, want %d and %d", c.table.reads, c.table.puts, c.reads, c.puts)
			}
		})
	}
}

func TestErrorsAreNotKept(t *testing.T) {
	t.Parallel()
	down := errors.New("down")
	for name, broken := range map[string]table{"read": {readErr: down}, "put": {putErr: down}} {
		var s Secret
		if got, err := s.Get(t.Context(), broken.read, broken.put); got != nil || !errors.Is(err, down) {
			t.Errorf("%s: %q, error %v", name, got, err)
		}
		broken.readErr, broken.putErr = nil, nil
		if got, err := s.Get(t.Context(), broken.read, broken.put); err != nil || len(got) != size {
			t.Errorf("%s: %d bytes afterwards, error %v", name, len(got), err)
		}
	}
}
