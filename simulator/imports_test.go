package simulator_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

// rooms says which of our packages each room may import, and why no more. A
// room may always import what is inside of itself.
var rooms = []struct {
	room string
	may  []string
	why  string
}{
	{"agent", nil, "it is a product of its own"},
	{"fakecas", []string{"agent/console"}, "a fake that shares the agent's code can't find a fault in it; the console protocol is ours, and written once"},
	{"fakesyslog", nil, "a fake that shares the agent's code can't find a fault in it"},
	{"simulator/network", nil, "it stands in for the kernel"},
	{"simulator/coordinator", []string{"agent/stepped"}, "it steps the time of processes of any kind, and must know none of them"},
	{"simulator/container", []string{"simulator"}, "it gives the container runner its machines, and must not know what runs on them"},
	{"simulator/peer", []string{"fakecas", "fakesyslog"}, "it feeds other people's forwarders with what a tenant holds, and its tests read what comes out; of the agent it knows nothing"},
	{"simulator/report", []string{"simulator", "fakecas", "fakesyslog"}, "it draws what was seen, and must know what the fakes call it"},
	{"simulator/live", []string{"simulator", "simulator/report", "fakecas", "fakesyslog"}, "it plays a Lab as a script does, and lists what the fakes can do"},
	{"simulator/load", []string{"agent", "agent/console", "fakecas", "fakesyslog", "simulator/peer"}, "it measures the three in real time, without scripts or a virtual network"},
	{"simulator/fleet", []string{"simulator", "simulator/network", "agent", "agent/console", "fakecas", "fakesyslog"}, "it builds a world of its own, of many agents and tenants, in a bubble"},
	{"simulator/cmd", []string{"simulator", "simulator/fleet", "simulator/load", "simulator/container", "simulator/live", "simulator/report", "scenarios"}, "it is a thin shell around them"},
	{"simulator", []string{"agent", "agent/console", "agent/stepped", "fakecas", "fakesyslog", "simulator/network", "simulator/peer"}, "it drives them from outside"},
	{"scenarios/foreign", []string{"simulator"}, "its tests play scripts with agents that are not ours"},
	{"scenarios/containers", []string{"simulator", "simulator/container", "scenarios"}, "its suite plays scripts, the catalogue's too, and names no fake"},
	{"scenarios", []string{"agent", "agent/console", "fakecas", "fakesyslog", "simulator"}, "a spec states faults and statuses as values, and asks the simulator for the rest"},
}

// The rooms meet only on the wire; this is where that is kept.
func TestImports(t *testing.T) {
	const root, module = "..", "siemdrill/"
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		from := strings.TrimPrefix(filepath.ToSlash(filepath.Dir(path)), "../")
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			imported, ours := strings.CutPrefix(strings.Trim(spec.Path.Value, `"`), module)
			if !ours {
				continue
			}
			for _, r := range rooms {
				if !isIn(from, r.room) {
					continue
				}
				if !isIn(imported, r.room) && !slices.Contains(r.may, imported) {
					t.Errorf("%s imports %s: %s may import %v only: %s", path, imported, r.room, r.may, r.why)
				}
				break // the first room that fits is the narrowest
			}
		}
		return nil
	})
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
}

func isIn(pkg, room string) bool { return pkg == room || strings.HasPrefix(pkg, room+"/") }
