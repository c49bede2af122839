package coordinator

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/agent/stepped"
)

var morning = time.Date(2026, time.January, 5, 9, 0, 0, 0, time.UTC)

func started(t *testing.T) *Coordinator {
	t.Helper()
	c, err := New(morning)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	t.Cleanup(c.Close)
	return c
}

func TestTimersFireInOrderAtTheirTimes(t *testing.T) {
	g := NewWithT(t)
	c := started(t)
	seen := make(chan string, 10)
	note := func(name string) func() {
		return func() { seen <- fmt.Sprintf("%s at %s", name, c.Now().Sub(morning)) }
	}
	c.AfterFunc(2*time.Second, note("second"))
	c.AfterFunc(time.Second, func() {
		note("first")()
		c.AfterFunc(time.Second, note("set at the first"))
	})
	stop := c.AfterFunc(time.Second, note("stopped"))
	c.AfterFunc(time.Hour, note("later"))
	g.Expect(stop()).To(BeTrue())
	g.Expect(stop()).To(BeFalse())
	g.Expect(c.Advance(3 * time.Second)).To(Succeed())
	for _, wanted := range []string{"first at 1s", "second at 2s", "set at the first at 2s"} {
		g.Expect(seen).To(Receive(Equal(wanted)))
	}
	g.Expect(seen).NotTo(Receive())
	g.Expect(c.Now()).To(Equal(morning.Add(3 * time.Second)))
	g.Expect(c.Advance(-time.Second)).To(MatchError(errNoTime))
}

// Bytes, the end of a stream and a stalled reader over the kernel's loopback:
// time moves only when they have come to where they go.
func TestTimeWaitsForWhatIsOnItsWay(t *testing.T) {
	g := NewWithT(t)
	c := started(t)
	listener, err := c.Listen(context.Background(), "127.0.0.1:0")
	g.Expect(err).NotTo(HaveOccurred())
	defer listener.Close()
	type end struct {
		read int
		at   time.Time
	}
	ended, gate := make(chan end, 1), make(chan struct{})
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		<-gate
		n, _ := io.Copy(io.Discard, conn)
		ended <- end{int(n), c.Now()}
	}()
	const size = 20 << 20 // more than the buffers hold
	c.AfterFunc(time.Second, func() {
		conn, err := c.Dial(netip.Addr{})(context.Background(), "tcp", listener.Addr().String())
		if err != nil {
			return
		}
		defer conn.Close()
		conn.Write(make([]byte, size))
	})
	g.Expect(c.Advance(time.Hour)).To(Succeed(), "a reader that doesn't read, and a writer that waits for it, are at rest")
	g.Expect(ended).NotTo(Receive())
	c.AfterFunc(time.Second, func() { close(gate) })
	g.Expect(c.Advance(time.Hour)).To(Succeed())
	g.Expect(ended).To(Receive(Equal(end{size, morning.Add(time.Hour + time.Second)})), "all of it came at the instant at which reading began")
}

func TestWhoIsNotAtRestIsNamed(t *testing.T) {
	g := NewWithT(t)
	c := started(t)
	c.Limit = 20 * time.Millisecond
	c.Busy(+1)
	g.Expect(c.Advance(time.Second)).To(MatchError(ContainSubstring("this process: 1 pieces of work in hand")))
	c.Busy(-1)

	m, _ := member(t, c)
	m.Signalled()
	g.Expect(c.Settle()).To(MatchError(ContainSubstring("agent has not reported since it was started or signalled")))
}

// member is one whose process is this one, played by the test: what it is told
// comes out of the channel.
func member(t *testing.T, c *Coordinator) (*Member, *stepped.Line) {
	t.Helper()
	g := NewWithT(t)
	here, there := net.Pipe()
	line := stepped.NewLine(there)
	go line.Say(stepped.ToCoordinator{Hello: &stepped.Hello{Version: stepped.Version}})
	welcomed := make(chan stepped.ToParty, 1)
	go func() {
		var said stepped.ToParty
		line.Hear(&said)
		welcomed <- said
	}()
	m, err := c.Admit("agent", here, stepped.Welcome{Seed: 7})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect((<-welcomed).Welcome).To(Equal(&stepped.Welcome{Now: morning, Seed: 7}))
	t.Cleanup(func() { line.Close() })
	return m, line
}

func TestAMemberOfAnotherVersionIsTurnedAway(t *testing.T) {
	g := NewWithT(t)
	c := started(t)
	here, there := net.Pipe()
	defer there.Close()
	go stepped.NewLine(there).Say(stepped.ToCoordinator{Hello: &stepped.Hello{Version: 99}})
	_, err := c.Admit("agent", here, stepped.Welcome{})
	g.Expect(err).To(MatchError("agent: expected a hello of version 2"))
}

func TestAPartyJoinsOverLoopbackOnly(t *testing.T) {
	for _, address := range []string{"192.0.2.1:7000", "0.0.0.0:7000", "localhost:7000", "unix:", "7000"} {
		_, err := stepped.Join(address, func(error) {})
		NewWithT(t).Expect(err).To(MatchError(ContainSubstring("expected unix:PATH or the address and port of a loopback interface")), address)
	}
	_, err := stepped.Join("unix:"+filepath.Join(t.TempDir(), "nobody"), func(error) {})
	NewWithT(t).Expect(err).To(MatchError(ContainSubstring("no such file")))
}

// A name's answer, and the time, reach a member in the order in which it is told.
func TestAMemberIsToldTheTimeAndNames(t *testing.T) {
	g := NewWithT(t)
	c := started(t)
	c.Resolve = func(host string) (stepped.Answer, bool) {
		return stepped.Answer{Addresses: []netip.Addr{netip.MustParseAddr("127.0.30.1")}}, !strings.HasPrefix(host, "silent")
	}
	_, line := member(t, c)
	told := make(chan stepped.ToParty, 10)
	go func() {
		for {
			var said stepped.ToParty
			if line.Hear(&said) != nil {
				return
			}
			if said.Grant != nil {
				line.Say(stepped.ToCoordinator{Report: &stepped.Report{Seq: said.Grant.Seq}})
			}
			told <- said
		}
	}()
	line.Say(stepped.ToCoordinator{Lookup: &stepped.Question{ID: 1, Host: "silent.example"}})
	line.Say(stepped.ToCoordinator{Lookup: &stepped.Question{ID: 2, Host: "siem.example"}})
	line.Say(stepped.ToCoordinator{Report: &stepped.Report{Seq: 1}})
	g.Expect(c.Advance(time.Minute)).To(Succeed())
	g.Expect(*(<-told).Answer).To(Equal(stepped.Answer{Seq: 1, ID: 2, Addresses: []netip.Addr{netip.MustParseAddr("127.0.30.1")}}))
	g.Expect(*(<-told).Grant).To(Equal(stepped.Grant{Seq: 2, Now: morning.Add(time.Minute)}))
}

// told is every grant that a member gets; it answers each, and is at rest as state
// has it.
func told(line *stepped.Line, state stepped.State) <-chan stepped.Grant {
	grants := make(chan stepped.Grant, 10)
	go func() {
		defer close(grants)
		for {
			var said stepped.ToParty
			if line.Hear(&said) != nil {
				return
			}
			if said.Grant == nil {
				continue
			}
			grants <- *said.Grant
			switch said.Grant.Do {
			case stepped.Move:
				line.Say(stepped.ToCoordinator{Seen: said.Grant.Seq})
				continue
			case stepped.Fire:
				state.Next = time.Time{}
			}
			line.Say(stepped.ToCoordinator{Report: &stepped.Report{Seq: said.Grant.Seq, State: state}})
		}
	}()
	return grants
}

func TestAMemberKnowsTheTimeBeforeAnythingHappensAtIt(t *testing.T) {
	g := NewWithT(t)
	c := started(t)
	_, line := member(t, c)
	noon := morning.Add(3 * time.Hour)
	grants := told(line, stepped.State{Next: noon})
	line.Say(stepped.ToCoordinator{Report: &stepped.Report{State: stepped.State{Next: noon}}})
	fired := make(chan int, 1)
	c.AfterFunc(3*time.Hour-time.Second, func() { fired <- len(grants) })
	g.Expect(c.Advance(4 * time.Hour)).To(Succeed())
	g.Expect(fired).To(Receive(Equal(1)), "it was told before the timer of this process fired")
	g.Expect(grants).To(Receive(Equal(stepped.Grant{Seq: 1, Now: noon.Add(-time.Second)})))
	g.Expect(grants).To(Receive(Equal(stepped.Grant{Seq: 2, Now: noon, Do: stepped.Fire})))
	g.Expect(grants).To(Receive(Equal(stepped.Grant{Seq: 3, Now: morning.Add(4 * time.Hour)})))
}

// One that is stopped (SIGSTOP) is told nothing, and nobody waits for it; when it
// goes on it learns the time at once.
func TestNobodyWaitsForAMemberThatIsPaused(t *testing.T) {
	g := NewWithT(t)
	c := started(t)
	m, line := member(t, c)
	grants := told(line, stepped.State{})
	line.Say(stepped.ToCoordinator{Report: &stepped.Report{State: stepped.State{Next: morning.Add(time.Minute)}}})
	g.Expect(c.Settle()).To(Succeed())
	m.Paused(true)
	g.Expect(c.Advance(time.Hour)).To(Succeed())
	g.Expect(grants).NotTo(Receive())
	m.Paused(false)
	g.Expect(c.Settle()).To(Succeed())
	g.Expect(grants).To(Receive(Equal(stepped.Grant{Seq: 1, Now: morning.Add(time.Hour), Do: stepped.Look})))
}

func TestAMemberThatHangsUpIsNamedUntilItIsGone(t *testing.T) {
	g := NewWithT(t)
	c := started(t)
	c.Limit = 20 * time.Millisecond
	m, line := member(t, c)
	line.Say(stepped.ToCoordinator{Report: &stepped.Report{}})
	g.Expect(c.Settle()).To(Succeed())
	line.Close()
	g.Eventually(c.Settle).Should(MatchError(ContainSubstring("agent has hung up and has not ended")))
	m.Gone()
	g.Expect(c.Advance(time.Hour)).To(Succeed())
}

func TestAMemberThatNeverRestsIsNamed(t *testing.T) {
	g := NewWithT(t)
	c := started(t)
	_, line := member(t, c)
	line.Say(stepped.ToCoordinator{Report: &stepped.Report{}})
	g.Expect(c.Settle()).To(Succeed())
	go func() { // it takes what it is told, and says nothing more
		for {
			var said stepped.ToParty
			if line.Hear(&said) != nil {
				return
			}
		}
	}()
	c.Limit = 20 * time.Millisecond
	g.Expect(c.Advance(time.Hour)).To(MatchError(ContainSubstring("agent has not come to rest since it was told the time: it has seen message 0 of 1")))
}
