package simulator

import (
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"sync"
)

// hostsFile is a file of host names that only the processes started within it
// see: it lies over /etc/hosts in a mount namespace of each (mount_namespaces(7)).
type hostsFile struct{ path string }

// mayHaveHosts says whether this user may make such a namespace: root of Linux.
var mayHaveHosts = sync.OnceValue(func() bool {
	return exec.Command("unshare", "-m", "mount", "--bind", "/etc/hosts", "/etc/hosts").Run() == nil
})

func newHostsFile() (*hostsFile, error) {
	file, err := os.CreateTemp("", "siemdrill-hosts-")
	if err != nil {
		return nil, err
	}
	return &hostsFile{file.Name()}, file.Close()
}

// write says what the names mean from now on. The file is written in place, since
// a bind mount stays with the file that it was made of.
func (h *hostsFile) write(addresses map[string]netip.Addr) error {
	var b strings.Builder
	b.WriteString("127.0.0.1 localhost\n")
	for name, address := range addresses {
		fmt.Fprintf(&b, "%s %s\n", address, name)
	}
	return os.WriteFile(h.path, []byte(b.String()), 0o644)
}

// within makes a command see the file. Its process is the command's own.
func (h *hostsFile) within(c *exec.Cmd) *exec.Cmd {
	const script = `mount --bind "$0" /etc/hosts && exec "$@"`
	inside := exec.Command("unshare", append([]string{"-m", "sh", "-c", script, h.path}, c.Args...)...)
	inside.Args[6] = c.Path
	inside.Env = c.Env
	return inside
}

func (h *hostsFile) close() error { return os.Remove(h.path) }
