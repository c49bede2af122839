package simulator

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Scratch is a folder that a program has for as long as it runs. The program
// holds a lock on it, which the kernel takes back however the program ends: so
// the next one can tell whose folder is nobody's any more, and removes it.
type Scratch struct {
	Path string
	held *os.File
}

// NewScratch makes a folder whose name begins with prefix, and removes those of
// that prefix that programs have left. It is held in memory, where the system
// can do so: agents in a Lab write through to the disk as real ones do, and no
// real disk shall decide how long that takes.
func NewScratch(prefix string) (*Scratch, error) {
	const shared = "/dev/shm"
	if info, err := os.Stat(shared); err == nil && info.IsDir() {
		return newScratch(shared, prefix)
	}
	return newScratch(os.TempDir(), prefix)
}

func newScratch(parent, prefix string) (*Scratch, error) {
	sweep(parent, prefix)
	path, err := os.MkdirTemp(parent, prefix)
	if err != nil {
		return nil, err
	}
	held, err := lock(path)
	if err != nil {
		return nil, errors.Join(err, os.Remove(path))
	}
	return &Scratch{path, held}, nil
}

// Remove removes the folder and what is in it.
func (s *Scratch) Remove() error {
	return errors.Join(os.RemoveAll(s.Path), s.held.Close())
}

// young is how long a folder may exist before its program has locked it.
const young = time.Minute

// sweep removes the folders that nobody has, as far as it may.
func sweep(parent, prefix string) {
	all, err := os.ReadDir(parent)
	if err != nil {
		return
	}
	for _, entry := range all {
		info, err := entry.Info()
		if err != nil || !entry.IsDir() || !strings.HasPrefix(entry.Name(), prefix) || age(info) < young {
			continue
		}
		path := filepath.Join(parent, entry.Name())
		if held, err := lock(path); err == nil {
			_ = os.RemoveAll(path)
			_ = held.Close()
		}
	}
}

// age is how long ago something last changed in a folder, by the machine's clock
// and not by that of a bubble.
func age(info os.FileInfo) time.Duration {
	var now syscall.Timeval
	if err := syscall.Gettimeofday(&now); err != nil {
		return 0
	}
	return time.Unix(now.Unix()).Sub(info.ModTime())
}

func lock(path string) (*os.File, error) {
	held, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(held.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(err, held.Close())
	}
	return held, nil
}
