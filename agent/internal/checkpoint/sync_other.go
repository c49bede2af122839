//go:build !unix

package checkpoint

// syncDirectory does nothing: where there is no fsync of a directory, the file
// system's own journal keeps the rename.
func syncDirectory(string) error { return nil }
