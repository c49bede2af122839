package coordinator

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"os"
	"strings"
)

// synSent is the state of a connection whose SYN was not answered, in
// /proc/net/tcp (proc_net_tcp, Linux).
const synSent = "02"

// hanging counts the dials of an address that the kernel has no answer for.
// Where the kernel doesn't say, none is known to hang.
func hanging(target string) int {
	address, err := netip.ParseAddrPort(target)
	if err != nil || !address.Addr().Is4() {
		return 0
	}
	table, err := os.ReadFile("/proc/net/tcp")
	if err != nil {
		return 0
	}
	ip := address.Addr().As4()
	remote := fmt.Sprintf("%08X:%04X", binary.NativeEndian.Uint32(ip[:]), address.Port())
	n := 0
	for line := range strings.Lines(string(table)) {
		if f := strings.Fields(line); len(f) > 3 && f[2] == remote && f[3] == synSent {
			n++
		}
	}
	return n
}
