package checkpoint

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// lockOffset is a place far behind the text: a locked range can't be read by
// others, and they have to read who holds the lock.
const lockOffset = 1 << 30

// lockFile takes LockFileEx on one byte of f, which goes when f is closed.
func lockFile(f *os.File) error {
	err := windows.LockFileEx(windows.Handle(f.Fd()),
		windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &windows.Overlapped{Offset: lockOffset})
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return errLocked
	}
	return err
}
