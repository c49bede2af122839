package checkpoint

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// Store is the checkpoint file of one tenant and agent, and the lock on it.
// Its methods may be called from several goroutines.
type Store struct {
	tenant, agent string
	path          string
	lock          *lock

	mu    sync.Mutex
	saved []byte // what the file has, nil when that is not known
}

// ErrInUse is the error of Open while another one has the checkpoint.
var ErrInUse = errors.New("the checkpoint is in use")

// Open takes the checkpoint of an agent for this process; until Close every
// other Open of it, in this process or another, fails with ErrInUse and names
// the holder. directory is made when it is missing, for this user alone. The
// lock goes with the process, however it ends.
func Open(directory, tenant, agent string) (*Store, error) {
	if err := os.MkdirAll(directory, 0o700); err != nil {
		return nil, fmt.Errorf("the checkpoint directory: %w", err)
	}
	path := filepath.Join(directory, fileName(tenant, agent))
	l, err := takeLock(path + ".lock")
	if err != nil {
		return nil, fmt.Errorf("the checkpoint of agent %s: %w", agent, err)
	}
	return &Store{tenant: tenant, agent: agent, path: path, lock: l}, nil
}

// Load returns the checkpoint; false means that there is none yet. A file that
// is torn, foreign or from a newer agent is an error that names the file and
// says what to do.
func (s *Store) Load() (Checkpoint, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	text, err := os.ReadFile(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		return Checkpoint{}, false, nil
	}
	if err != nil {
		return Checkpoint{}, false, fmt.Errorf("the checkpoint: %w", err)
	}
	c, err := decode(s.tenant, s.agent, text)
	if err != nil {
		return Checkpoint{}, false, fmt.Errorf(
			"the checkpoint %s can't be used: %w; restore it from a backup, or move it away to start again with the last two days", s.path, err)
	}
	s.saved = text
	return c, true, nil
}

// Save stores c durably: once it has returned, c is what Load gives, also
// after a power failure, and a failure on the way leaves the one before. A
// checkpoint that the file has already writes nothing.
func (s *Store) Save(c Checkpoint) error {
	text, err := encode(s.tenant, s.agent, c)
	if err != nil {
		return fmt.Errorf("the checkpoint: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lock == nil {
		return fmt.Errorf("the checkpoint %s: %w", s.path, fs.ErrClosed)
	}
	if bytes.Equal(text, s.saved) {
		return nil
	}
	s.saved = nil
	if err := replace(s.path, text); err != nil {
		return fmt.Errorf("the checkpoint: %w", err)
	}
	s.saved = text
	return nil
}

// Close gives the lock back. Closing again does nothing.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lock == nil {
		return nil
	}
	err := s.lock.release()
	s.lock = nil
	return err
}

// Path returns the file's place, for logs.
func (s *Store) Path() string { return s.path }
