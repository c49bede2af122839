package fakesyslog

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"testing"

	. "github.com/onsi/gomega"
)

// TestTenThousandConnectionsAtOnce has them open from another process, each in
// the middle of a line: a process may open 20,000 files on many machines, and
// two ends of 10,000 connections are more.
func TestTenThousandConnectionsAtOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("opens ten thousand connections")
	}
	g := NewWithT(t)
	const many = 10_000
	before := inUse()
	s := &Server{MaxConnections: many}
	w, address := loopback(t, s)
	crowd := exec.Command(os.Args[0], "-test.run=^TestACrowdDials$")
	crowd.Env = append(os.Environ(), "SIEMDRILL_CROWD="+address)
	hold, err := crowd.StdinPipe()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(crowd.Start()).To(Succeed())
	w.wait(KindAccepted, many)
	w.wait(KindLine, many)
	g.Expect(s.State().Connections).To(Equal(many))
	held := inUse() - before
	t.Logf("%d connections: %.1f MiB, %d bytes each", many, float64(held)/(1<<20), held/many)
	g.Expect(held).To(BeNumerically("<", many*(24<<10)), "heap and stacks")
	hold.Close()
	g.Expect(crowd.Wait()).To(Succeed())
	w.wait(KindClosed, many)
	g.Expect(s.Count(Truncated)).To(Equal(many), "each had begun a second line")
	g.Expect(s.State().TurnedAway).To(BeZero())
}

func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc + m.StackInuse
}

// TestACrowdDials is the other process.
func TestACrowdDials(t *testing.T) {
	address := os.Getenv("SIEMDRILL_CROWD")
	if address == "" {
		t.Skip("TestTenThousandConnectionsAtOnce runs it")
	}
	for i := range 10_000 {
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		fmt.Fprint(c, line(i)+line(i)[:100])
	}
	io.Copy(io.Discard, bufio.NewReader(os.Stdin))
}
