// Package disk keeps a local user pool's data in a folder, so that it outlives the program, even one that is killed.
//
// The data itself is in memory, where state.Memory has the rules. The folder has a journal: each Sync appends the
// records that were changed since the last one, in one frame with a checksum, and waits until the disk has it. Calls of
// Sync at the same time share a frame. An embedded database would do more work for this: go.etcd.io/bbolt waits for the
// disk twice per commit, has no checksums on its pages, and panics in a goroutine of its own over a damaged file.
package disk

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"cognito-triggers/local/userpool/state"
)

// The files in the folder. They contain password hashes, signing keys, codes and temporary passwords, so only their
// owner can read them.
const (
	journalName = "pool.journal"
	lockName    = "lock"
)

// compactFrom is the least size in bytes of a journal that Sync writes anew, without what was overwritten.
const compactFrom = 16 << 20

// ErrInUse means that another program has the folder open.
var ErrInUse = errors.New("another run uses it; stop that one, or choose another folder")

// kindMessage is the kind of a message's record, beside those of state.
const kindMessage state.Kind = "message"

// Store is a state.Store in a folder. It is safe for concurrent use.
type Store struct {
	*state.Memory
	dir  string
	lock *os.File

	messageMu sync.Mutex
	messages  map[int]json.RawMessage
	notedMail map[int]struct{} // numbers of the messages that were added or dropped since the last Sync

	syncMu  sync.Mutex
	journal *journal
	err     error // of the first Sync that failed; later changes cannot be trusted to be kept
}

var _ state.Durable = (*Store)(nil)

// Open opens the data in a folder, which it creates if needed. It returns an error that wraps ErrInUse if another
// program has it open, and one that names the file and the way out if a file is damaged or newer than this program.
func Open(dir string, now func() time.Time) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("state: %w", err)
	}
	lock, err := lockDir(dir)
	if err != nil {
		return nil, err
	}
	s, err := open(dir, now)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	s.lock = lock
	return s, nil
}

func open(dir string, now func() time.Time) (*Store, error) {
	path := filepath.Join(dir, journalName)
	j, entries, err := openJournal(path)
	if err != nil {
		return nil, err
	}
	s := &Store{dir: dir, journal: j, messages: map[int]json.RawMessage{}, notedMail: map[int]struct{}{}}
	records := map[state.Key]state.Record{}
	for key, value := range entries {
		if err := s.decode(records, key, value); err != nil {
			return nil, errors.Join(damaged(path, err.Error()), j.close())
		}
	}
	if s.Memory, err = state.NewMemoryFrom(now, records); err != nil {
		return nil, errors.Join(damaged(path, err.Error()), j.close())
	}
	return s, nil
}

func (s *Store) decode(records map[state.Key]state.Record, key state.Key, value json.RawMessage) error {
	if key.Kind == kindMessage {
		number, err := strconv.Atoi(key.ID)
		s.messages[number] = value
		return err
	}
	var r state.Record
	err := json.Unmarshal(value, &r)
	records[key] = r
	return err
}

// Sync implements state.Durable.
func (s *Store) Sync() error {
	s.syncMu.Lock()
	defer s.syncMu.Unlock()
	if s.err != nil {
		return s.err
	}
	if s.err = s.commit(); s.err != nil {
		s.err = fmt.Errorf("state: %s cannot be written, so nothing that was changed since is kept: %w", s.dir, s.err)
	}
	return s.err
}

func (s *Store) commit() error {
	if s.journal.grown() {
		return s.compact()
	}
	entries, err := s.changes()
	if err != nil || len(entries) == 0 {
		return err
	}
	return s.journal.append(entries)
}

// compact replaces the journal by one with the present records alone.
func (s *Store) compact() error {
	s.NoteEverything()
	s.messageMu.Lock()
	for number := range s.messages {
		s.notedMail[number] = struct{}{}
	}
	s.messageMu.Unlock()
	entries, err := s.changes()
	if err != nil {
		return err
	}
	maps.DeleteFunc(entries, func(_ state.Key, value json.RawMessage) bool { return value == nil })
	return s.journal.replace(entries)
}

// changes returns what was changed since the last call; nil for what is gone.
func (s *Store) changes() (map[state.Key]json.RawMessage, error) {
	entries := map[state.Key]json.RawMessage{}
	for key, record := range s.Changes() {
		entries[key] = nil
		if record == nil {
			continue
		}
		text, err := encode(record)
		if err != nil {
			return nil, err
		}
		entries[key] = text
	}
	s.messageMu.Lock()
	defer s.messageMu.Unlock()
	for number := range s.notedMail {
		entries[state.Key{Kind: kindMessage, ID: strconv.Itoa(number)}] = s.messages[number]
	}
	clear(s.notedMail)
	return entries, nil
}

// encode writes JSON as it is: json.Marshal would rewrite the raw JSON of settings that are stored without effect.
func encode(value any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), err
}

// PutMessage implements state.Durable.
func (s *Store) PutMessage(number int, text json.RawMessage, first int) {
	s.messageMu.Lock()
	defer s.messageMu.Unlock()
	s.messages[number] = text
	s.notedMail[number] = struct{}{}
	for old := range s.messages {
		if old < first {
			delete(s.messages, old)
			s.notedMail[old] = struct{}{}
		}
	}
}

// Messages implements state.Durable.
func (s *Store) Messages() map[int]json.RawMessage {
	s.messageMu.Lock()
	defer s.messageMu.Unlock()
	return maps.Clone(s.messages)
}

// Close writes what was changed and lets other programs open the folder. The store must not be changed any more.
func (s *Store) Close() error {
	return errors.Join(s.Sync(), s.journal.close(), s.lock.Close())
}
