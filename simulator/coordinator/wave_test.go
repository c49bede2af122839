package coordinator

import (
	"fmt"
	"maps"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/agent/stepped"
)

// machine plays a member on another machine: it reports the State that it is in
// each time that it is told something.
type machine struct {
	*Member
	line *stepped.Line

	mu    sync.Mutex
	seq   uint64
	state stepped.State
	told  int                        // how often it was to report
	wakes func(told int) (news bool) // changes the state before a report; may be nil
}

func onMachine(t *testing.T, c *Coordinator, name string) *machine {
	t.Helper()
	here, there := net.Pipe()
	m := &machine{line: stepped.NewLine(there)}
	go m.line.Say(stepped.ToCoordinator{Hello: &stepped.Hello{Version: stepped.Version}})
	go func() {
		for {
			var said stepped.ToParty
			if m.line.Hear(&said) != nil {
				return
			}
			if said.Grant != nil {
				m.follow(*said.Grant)
			}
		}
	}()
	var err error
	m.Member, err = c.Admit(name, here, stepped.Welcome{})
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { m.line.Close() })
	return m
}

func (m *machine) follow(g stepped.Grant) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.seq = g.Seq
	if g.Do == stepped.Move {
		m.line.Say(stepped.ToCoordinator{Seen: g.Seq})
		return
	}
	m.told++
	if m.wakes != nil {
		m.wakes(m.told)
	}
	m.report()
}

// report says the state; the lock is held.
func (m *machine) report() {
	state := m.state
	state.Ends = maps.Clone(state.Ends)
	m.line.Say(stepped.ToCoordinator{Report: &stepped.Report{Seq: m.seq, State: state}})
}

func (m *machine) be(s stepped.State) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.state = s
	m.report()
}

func apart(t *testing.T) *Coordinator {
	t.Helper()
	c := NewApart(morning)
	t.Cleanup(c.Close)
	return c
}

// Of a connection that has come and gone between two reports there is no account:
// whoever reported before has to be asked again before time moves.
func TestEverybodyIsAskedAfterTheLastNews(t *testing.T) {
	g := NewWithT(t)
	c := apart(t)
	server, client := onMachine(t, c, "server"), onMachine(t, c, "client")
	server.be(stepped.State{})
	client.be(stepped.State{Ends: map[string]stepped.End{dialled: {Sent: 5, Closed: true}}})
	seen := 0
	server.wakes = func(told int) bool {
		seen = told
		if told <= 3 { // it had that to answer, in the same way
			server.state.Ends = map[string]stepped.End{fmt.Sprintf("10.0.0.2:4000%d>10.0.0.1:514", told): {Closed: true}}
		}
		return true
	}
	g.Expect(c.Settle()).To(Succeed())
	server.mu.Lock()
	defer server.mu.Unlock()
	g.Expect(seen).To(BeNumerically(">", 3), "as long as it had something new to say")
}

// Who has nothing to say is asked once, and a timer that only sets another one
// is no reason to ask anybody.
func TestNobodyIsAskedWithoutNews(t *testing.T) {
	g := NewWithT(t)
	c := apart(t)
	server, client := onMachine(t, c, "server"), onMachine(t, c, "client")
	server.be(stepped.State{})
	client.be(stepped.State{Next: morning.Add(time.Minute)})
	g.Expect(c.Settle()).To(Succeed())
	before := func() int {
		server.mu.Lock()
		defer server.mu.Unlock()
		return server.told
	}()
	client.mu.Lock()
	client.wakes = func(int) bool {
		client.state.Next = morning.Add(2 * time.Hour)
		return true
	}
	client.mu.Unlock()
	g.Expect(c.Advance(time.Minute)).To(Succeed())
	server.mu.Lock()
	defer server.mu.Unlock()
	g.Expect(server.told).To(Equal(before), "it is told the time, and no more")
}

const dialled = "10.0.0.1:40000>10.0.0.2:514"

// Two ends on two machines: bytes are waited for, unless a machine has lost the
// address that they go to.
func TestWhatGoesToAnAddressThatIsGoneIsNotWaitedFor(t *testing.T) {
	g := NewWithT(t)
	c := apart(t)
	c.Limit = 50 * time.Millisecond
	server, client := onMachine(t, c, "server"), onMachine(t, c, "client")
	server.be(stepped.State{Ends: map[string]stepped.End{stepped.Accepted(dialled): {Reading: true}}})
	client.be(stepped.State{Ends: map[string]stepped.End{dialled: {Sent: 5, Reading: true}}})
	g.Expect(c.Settle()).To(MatchError(ContainSubstring(dialled + ", to the acceptor: 5 bytes")))
	server.Away(netip.MustParseAddr("10.0.0.3"), true)
	g.Expect(c.Settle()).NotTo(Succeed(), "another address of its")
	server.Away(netip.MustParseAddr("10.0.0.2"), true)
	g.Expect(c.Settle()).To(Succeed())
	server.Away(netip.MustParseAddr("10.0.0.2"), false)
	g.Expect(c.Settle()).NotTo(Succeed(), "it may be sent again")
	server.Paused(true)
	g.Expect(c.Settle()).To(Succeed(), "it is frozen and reads nothing")
	server.Paused(false)
	c.Limit = 2 * wornGrace
	g.Expect(c.Settle()).To(Succeed(), "the kernel sends it again on a clock of its own, or never")
}

// A dial that nobody answers is waited for once, and not for ever.
func TestADialIsWaitedForALittle(t *testing.T) {
	g := NewWithT(t)
	c := apart(t)
	client := onMachine(t, c, "client")
	client.be(stepped.State{Dials: []string{"10.0.0.2:514"}})
	took := func() time.Duration {
		began := time.Now()
		g.Expect(c.Settle()).To(Succeed())
		return time.Since(began)
	}
	g.Expect(took()).To(BeNumerically(">=", grace))
	g.Expect(took()).To(BeNumerically("<", grace), "it is known to hang")
	c.Ask()
	g.Expect(took()).To(BeNumerically(">=", grace), "something was done that may have changed that")
}

// A connection that nobody has accepted yet is waited for as a dial is.
func TestAConnectionThatIsNotAcceptedIsWaitedForALittle(t *testing.T) {
	g := NewWithT(t)
	c := apart(t)
	server, client := onMachine(t, c, "server"), onMachine(t, c, "client")
	server.be(stepped.State{})
	client.be(stepped.State{Ends: map[string]stepped.End{dialled: {Sent: 5, Reading: true}}})
	took := func() time.Duration {
		began := time.Now()
		g.Expect(c.Settle()).To(Succeed())
		return time.Since(began)
	}
	g.Expect(took()).To(BeNumerically(">=", grace))
	_, target, _ := strings.Cut(dialled, ">")
	client.be(stepped.State{Ends: map[string]stepped.End{"10.0.0.1:4002>" + target: {Sent: 5, Reading: true}}})
	g.Expect(took()).To(BeNumerically("<", grace), "the next one to a target that doesn't accept")
}

// What was answered in time says nothing of the next one to the same target.
func TestWhatWasAnsweredDoesNotHang(t *testing.T) {
	g := NewWithT(t)
	c := apart(t)
	const dial, target = "a dial of 10.0.0.2:514", "10.0.0.2:514"
	waits := func() bool {
		left, over := c.underway(dial, target)
		g.Expect(over).To(BeFalse())
		return left > 0
	}
	g.Expect(waits()).To(BeTrue())
	c.onlyUnderway(nil)
	time.Sleep(grace)
	g.Expect(waits()).To(BeTrue(), "another one, which has its own time")
	time.Sleep(grace)
	before := c.wave.news
	g.Expect(waits()).To(BeFalse())
	g.Expect(c.wave.news).To(Equal(before+1), "everybody has to look first")
	g.Expect(waits()).To(BeFalse(), "they were not asked yet")
	c.ask()
	_, over := c.underway(dial, target)
	g.Expect(over).To(BeTrue(), "it hangs")
	c.onlyUnderway(nil)
	before = c.wave.news
	g.Expect(waits()).To(BeFalse(), "and so may the next one")
	g.Expect(c.wave.news).To(Equal(before+1), "but everybody looks")
}

// However long somebody takes to get a processor: what has come to him is not
// lost.
func TestWhatArrivesIsNotLostForWantOfAProcessor(t *testing.T) {
	g := NewWithT(t)
	c := apart(t)
	server, client := onMachine(t, c, "server"), onMachine(t, c, "client")
	server.be(stepped.State{})
	server.wakes = func(int) bool {
		time.Sleep(3 * grace)
		server.state = stepped.State{Ends: map[string]stepped.End{stepped.Accepted(dialled): {Received: 5, Reading: true}}}
		return true
	}
	client.be(stepped.State{Ends: map[string]stepped.End{dialled: {Sent: 5, Reading: true}}})
	g.Expect(c.Settle()).To(Succeed())
	c.mu.Lock()
	defer c.mu.Unlock()
	g.Expect(c.wave.hangs).To(BeEmpty())
	g.Expect(server.ends).To(HaveLen(1))
}

// The one that takes the place of another remains the first at one instant, and
// what the old one had open has ended.
func TestAMachineThatIsStartedAgainTakesItsOldPlace(t *testing.T) {
	g := NewWithT(t)
	c := apart(t)
	c.Limit = 50 * time.Millisecond
	server, client := onMachine(t, c, "server"), onMachine(t, c, "client")
	server.be(stepped.State{Ends: map[string]stepped.End{stepped.Accepted(dialled): {Reading: true}}})
	client.be(stepped.State{Ends: map[string]stepped.End{dialled: {Reading: true}}})
	g.Expect(c.Settle()).To(Succeed())
	server.Gone()
	again := onMachine(t, c, "server")
	again.be(stepped.State{Next: morning.Add(time.Minute)})
	g.Expect(c.Settle()).To(MatchError(ContainSubstring(dialled + ", to the dialler: the end of the stream")))
	client.be(stepped.State{Next: morning.Add(time.Minute), Ends: map[string]stepped.End{dialled: {Over: true}}})
	g.Expect(c.Settle()).To(Succeed())
	_, first := c.first()
	g.Expect(first).To(BeIdenticalTo(again.Member))
}

// What the coordinator does at a time of its own comes before anything else.
func TestWhatIsDoneApartIsDoneInPlace(t *testing.T) {
	g := NewWithT(t)
	c := apart(t)
	client := onMachine(t, c, "client")
	client.be(stepped.State{Next: morning.Add(time.Minute)})
	done := false
	c.AfterFunc(time.Minute, func() {
		time.Sleep(5 * time.Millisecond) // as long as a request takes
		done = true
	})
	client.wakes = func(int) bool {
		if c.Now().Equal(morning.Add(time.Minute)) {
			client.state.Next = time.Time{}
		}
		return true
	}
	g.Expect(c.Advance(time.Minute)).To(Succeed())
	g.Expect(done).To(BeTrue())
}
