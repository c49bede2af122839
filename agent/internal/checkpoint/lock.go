package checkpoint

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// lock is a held lock on a file. The operating system holds it against other
// processes, and gives it back when this one ends in whatever way; held does it
// within the process, where not every system's lock does.
type lock struct {
	file *os.File
	name string
}

// errLocked is what lockFile returns when another process has the lock.
var errLocked = errors.New("locked")

var (
	heldMu sync.Mutex
	held   = map[string]bool{}
)

// takeLock locks the file at path, or fails with ErrInUse at once. The file
// tells who has it and stays when the lock is given back: removing it would
// let two processes each lock a file of that name.
func takeLock(path string) (*lock, error) {
	name, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if resolved, err := filepath.EvalSymlinks(filepath.Dir(name)); err == nil {
		name = filepath.Join(resolved, filepath.Base(name))
	}
	heldMu.Lock()
	defer heldMu.Unlock()
	if held[name] {
		return nil, inUse(path, "this process")
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lockFile(f); err != nil {
		holder, _ := io.ReadAll(io.LimitReader(f, 200))
		f.Close()
		if err == errLocked {
			return nil, inUse(path, strings.TrimSpace(string(holder)))
		}
		return nil, fmt.Errorf("%s can't be locked: %w", path, err)
	}
	if err := writeHolder(f); err != nil {
		f.Close()
		return nil, err
	}
	held[name] = true
	return &lock{f, name}, nil
}

func inUse(path, holder string) error {
	if holder == "" {
		holder = "another process"
	}
	return fmt.Errorf("%w by %s (lock file %s): only one agent may run with this id", ErrInUse, holder, path)
}

// writeHolder says in the file who has it.
func writeHolder(f *os.File) error {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown host"
	}
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err = f.WriteAt(fmt.Appendf(nil, "process %d on %s\n", os.Getpid(), host), 0)
	return err
}

func (l *lock) release() error {
	heldMu.Lock()
	defer heldMu.Unlock()
	delete(held, l.name)
	return l.file.Close() // gives the system's lock back
}
