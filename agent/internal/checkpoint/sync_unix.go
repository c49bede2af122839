//go:build unix

package checkpoint

import "os"

// syncDirectory forces the names in a directory to disk.
func syncDirectory(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
