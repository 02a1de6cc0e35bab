package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"

	"cognito-triggers/local/inspect"
	"cognito-triggers/shared/repository"
)

// runFiles are a run's log and the file with its addresses. No other run has them: the log is locked while the run
// lives. They are opened at the first line, which comes when the ports are taken, so that a run that cannot start
// leaves the log of the one before as it is.
type runFiles struct {
	repo repository.Repository
	out  string // as chosen by the user; empty for the default

	mu        sync.Mutex
	log       *os.File
	addresses string
	err       error
}

// Write implements io.Writer.
func (f *runFiles) Write(line []byte) (int, error) {
	if err := f.open(); err != nil {
		return 0, err
	}
	return f.log.Write(line)
}

// open opens the log: build/logs/run.log, or <out>.log. While another run has the default files, this one's have the
// first free number: build/logs/run-2.log and build/local-2.json.
func (f *runFiles) open() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.log != nil || f.err != nil {
		return f.err
	}
	if f.out != "" {
		f.addresses = f.repo.Path(f.out)
		if f.log, f.err = lockedLog(f.logOf(f.addresses)); errors.Is(f.err, errInUse) {
			f.err = fmt.Errorf("another run uses %s; choose another file with --out", f.addresses)
		}
		return f.err
	}
	for n := 1; ; n++ {
		number := ""
		if n > 1 {
			number = fmt.Sprint("-", n)
		}
		f.addresses = filepath.Join(f.repo.Build, strings.Replace(inspect.FileName, ".", number+".", 1))
		f.log, f.err = lockedLog(f.logOf(f.addresses))
		if !errors.Is(f.err, errInUse) {
			return f.err
		}
	}
}

// logOf returns the log that belongs to a file of addresses: build/logs/run.log to build/local.json, and a log beside
// any other.
func (f *runFiles) logOf(addresses string) string {
	name, extension, _ := strings.Cut(inspect.FileName, ".")
	base := filepath.Base(addresses)
	if filepath.Dir(addresses) != f.repo.Build || !strings.HasPrefix(base, name) || filepath.Ext(base) != "."+extension {
		return addresses + ".log"
	}
	number := strings.TrimSuffix(strings.TrimPrefix(base, name), "."+extension)
	return filepath.Join(f.repo.Build, "logs", "run"+number+".log")
}

// Name returns the log's path; empty before it is open.
func (f *runFiles) Name() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.log == nil {
		return ""
	}
	return f.log.Name()
}

// Close closes the log, and so gives the files free.
func (f *runFiles) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.log == nil {
		return nil
	}
	return f.log.Close()
}

// errInUse means that another run has locked the log.
var errInUse = errors.New("another run uses it")

// lockedLog opens, locks and then empties a log. It is opened for appending, as all logs are.
func lockedLog(path string) (*os.File, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	switch {
	case errors.Is(err, syscall.EWOULDBLOCK):
		return nil, errors.Join(errInUse, file.Close())
	case err == nil:
		err = file.Truncate(0)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}
