package checkpoint

import (
	"os"
	"path/filepath"
)

// replace gives the file at path a new content, whole or not at all: it is
// written beside it and forced to disk, then renamed, then the rename is
// forced to disk. There is one writer, so a fixed name will do, and what a
// crash has left there is overwritten.
func replace(path string, content []byte) (err error) {
	beside := path + ".new"
	f, err := os.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(beside, path)
	}
	if err != nil {
		os.Remove(beside)
		return err
	}
	return syncDirectory(filepath.Dir(path))
}
