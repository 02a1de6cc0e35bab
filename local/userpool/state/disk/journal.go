package disk

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"cognito-triggers/local/userpool/state"
)

// A journal begins with magic, the version and a line feed. Then come frames: the payload's length, the length's
// checksum and the payload's checksum, each of four bytes, then the payload, a JSON list of entries.
const (
	magic       = "cognito-triggers pool state "
	version     = 1
	frameHeader = 12
	maxFrame    = 1 << 30
)

func checksum(data []byte) uint32 { return crc32.Checksum(data, crc32.MakeTable(crc32.Castagnoli)) }

// entry is one record of a frame.
type entry struct {
	Kind  state.Kind
	Pool  string          `json:",omitempty"`
	ID    string          `json:"Id"`
	Value json.RawMessage `json:",omitempty"` // absent: the record is gone
}

// journal is the open file.
type journal struct {
	path string
	file *os.File
	size int64
	base int64 // size when only present records were in it
}

// damaged returns an error for a file that cannot be read.
func damaged(path, why string) error {
	return fmt.Errorf("state: %s is damaged: %s; put back a copy of it, or forget the data with "+
		"`poolctl reset --state %s`", path, why, filepath.Dir(path))
}

// openJournal opens or creates a journal and returns its records. It cuts off a last frame that was not written to its
// end: no answer that depended on it has left.
func openJournal(path string) (*journal, map[state.Key]json.RawMessage, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, nil, fmt.Errorf("state: %w", err)
	}
	j := &journal{path: path, file: file}
	entries, err := j.load()
	if err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	return j, entries, nil
}

func (j *journal) load() (map[state.Key]json.RawMessage, error) {
	data, err := io.ReadAll(j.file)
	if err != nil {
		return nil, fmt.Errorf("state: %s: %w", j.path, err)
	}
	header := magic + strconv.Itoa(version) + "\n"
	if len(data) < len(header) && bytes.HasPrefix([]byte(header), data) { // new, or killed while it was made
		j.size, j.base = int64(len(header)), int64(len(header))
		return nil, j.restart(header)
	}
	if err := checkHeader(j.path, data, header); err != nil {
		return nil, err
	}
	entries, end, err := readFrames(data, len(header))
	if err != nil {
		return nil, damaged(j.path, err.Error())
	}
	for _, value := range entries {
		j.base += int64(len(value)) + frameHeader
	}
	j.size = int64(end)
	if end < len(data) {
		if err := errors.Join(j.file.Truncate(j.size), j.file.Sync()); err != nil {
			return nil, fmt.Errorf("state: %s: %w", j.path, err)
		}
	}
	return entries, nil
}

// restart writes the header of an empty journal.
func (j *journal) restart(header string) error {
	_, err := j.file.WriteAt([]byte(header), 0)
	if err = errors.Join(err, j.file.Sync(), syncDir(filepath.Dir(j.path))); err != nil {
		return fmt.Errorf("state: %s: %w", j.path, err)
	}
	return nil
}

func checkHeader(path string, data []byte, header string) error {
	if bytes.HasPrefix(data, []byte(header)) {
		return nil
	}
	rest, ours := bytes.CutPrefix(data, []byte(magic))
	number, _, _ := bytes.Cut(rest, []byte("\n"))
	if found, err := strconv.Atoi(string(number)); ours && err == nil && found > version {
		return fmt.Errorf("state: %s was written by a newer version of poolctl (format %d, this one knows %d); use that "+
			"version, or forget the data with `poolctl reset --state %s`", path, found, version, filepath.Dir(path))
	}
	return damaged(path, "it does not begin as a pool's journal does")
}

// readFrames returns the records and the end of the last whole frame.
func readFrames(data []byte, at int) (map[state.Key]json.RawMessage, int, error) {
	records := map[state.Key]json.RawMessage{}
	for {
		rest := data[at:]
		if len(rest) < frameHeader {
			return records, at, nil
		}
		length := binary.BigEndian.Uint32(rest)
		if checksum(rest[:4]) != binary.BigEndian.Uint32(rest[4:]) || length > maxFrame {
			return nil, 0, fmt.Errorf("the frame at byte %d has a wrong length", at)
		}
		end := frameHeader + int(length)
		if len(rest) < end {
			return records, at, nil
		}
		payload := rest[frameHeader:end]
		if checksum(payload) != binary.BigEndian.Uint32(rest[8:]) {
			return nil, 0, fmt.Errorf("the frame at byte %d has a wrong checksum", at)
		}
		var entries []entry
		if err := json.Unmarshal(payload, &entries); err != nil {
			return nil, 0, fmt.Errorf("the frame at byte %d: %w", at, err)
		}
		for _, e := range entries {
			key := state.Key{Kind: e.Kind, Pool: e.Pool, ID: e.ID}
			if e.Value == nil {
				delete(records, key)
			} else {
				records[key] = e.Value
			}
		}
		at += end
	}
}

func frame(records map[state.Key]json.RawMessage) ([]byte, error) {
	entries := make([]entry, 0, len(records))
	for key, value := range records {
		entries = append(entries, entry{key.Kind, key.Pool, key.ID, value})
	}
	payload, err := encode(entries)
	if err != nil {
		return nil, err
	}
	if len(payload) > maxFrame {
		return nil, fmt.Errorf("%d bytes are more than a frame can have", len(payload))
	}
	out := binary.BigEndian.AppendUint32(make([]byte, 0, frameHeader+len(payload)), uint32(len(payload)))
	out = binary.BigEndian.AppendUint32(out, checksum(out))
	out = binary.BigEndian.AppendUint32(out, checksum(payload))
	return append(out, payload...), nil
}

// append adds one frame and waits until the disk has it.
func (j *journal) append(records map[state.Key]json.RawMessage) error {
	data, err := frame(records)
	if err != nil {
		return err
	}
	if _, err := j.file.WriteAt(data, j.size); err != nil {
		return err
	}
	j.size += int64(len(data))
	return j.file.Sync()
}

// grown reports whether most of the journal has been overwritten.
func (j *journal) grown() bool { return j.size > compactFrom && j.size > 4*j.base }

// replace writes the journal anew, with these records alone. A program that is killed meanwhile leaves the old one.
func (j *journal) replace(records map[state.Key]json.RawMessage) error {
	data, err := frame(records)
	if err != nil {
		return err
	}
	data = append([]byte(magic+strconv.Itoa(version)+"\n"), data...)
	file, err := os.OpenFile(j.path+".new", os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if err = errors.Join(err, file.Sync()); err == nil {
		err = os.Rename(file.Name(), j.path)
	}
	if err != nil {
		return errors.Join(err, file.Close())
	}
	old := j.file
	j.file, j.size, j.base = file, int64(len(data)), int64(len(data))
	return errors.Join(old.Close(), syncDir(filepath.Dir(j.path)))
}

func (j *journal) close() error { return j.file.Close() }

// syncDir waits until the disk has a folder's list of files.
func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
