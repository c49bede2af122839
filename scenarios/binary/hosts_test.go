//go:build linux

package binary_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// hosts is a file of host names that only the processes started with it see, in
// a mount namespace of their own (mount_namespaces(7)).
type hosts struct{ file string }

// newHosts skips the test where this user may not make such a namespace.
func newHosts(t *testing.T, address string) *hosts {
	t.Helper()
	h := &hosts{filepath.Join(t.TempDir(), "hosts")}
	h.move(t, address)
	if said, err := exec.Command("unshare", "-m", "mount", "--bind", h.file, "/etc/hosts").CombinedOutput(); err != nil {
		missing(t, "a mount namespace ("+err.Error()+": "+string(said)+")")
	}
	return h
}

// movingName is the name that it has.
const movingName = "receiver.test"

// move gives the name another address.
func (h *hosts) move(t *testing.T, address string) {
	t.Helper()
	// Written in place: a bind mount stays with the file that it was made of.
	if err := os.WriteFile(h.file, []byte("127.0.0.1 localhost\n"+address+" "+movingName+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
}

// within has a command see the file.
func (h *hosts) within(path string, args ...string) *exec.Cmd {
	const script = `mount --bind "$0" /etc/hosts && exec "$@"`
	return exec.Command("unshare", append([]string{"-m", "sh", "-c", script, h.file, path}, args...)...)
}
