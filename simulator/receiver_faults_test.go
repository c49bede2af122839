package simulator_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"
	"golang.org/x/net/dns/dnsmessage"

	"siemdrill/fakesyslog"
	"siemdrill/simulator/network"
)

// These tests show what a plain client sees of each fault of the receiver on
// the network in memory: which error, and after how much virtual time. A way
// takes 1 ms, so a round trip 2 ms. fakesyslog's own tests show the same on the
// kernel's loopback.

const (
	roundTrip   = 2 * time.Millisecond
	oneWay      = roundTrip / 2
	lineSize    = 250 // bytes
	lines       = 10  // that sendAndClose sends
	patience    = time.Hour
	age         = time.Second       // of the standing connection
	synGivenUp  = 127 * time.Second // 1 + 2 + 4 + ... + 64 s
	dataGivenUp = 924 * time.Second // 15 retransmissions

	keepAliveGivesUp = (1 + 9) * 15 * time.Second // Go's default of a dialled connection
)

// client is what a plain client sees the world with.
type client struct {
	Gomega
	s     *fakesyslog.Server
	host  *network.Host
	start time.Time // of what is measured; the standing connection is older
	old   net.Conn  // was there before the fault
}

// dial connects to one of the receiver's ports, or says why not.
func (c *client) dial(port string) (net.Conn, error) {
	return c.host.Dial(context.Background(), "tcp", "10.0.0.2:"+port)
}

func (c *client) connected(port string) net.Conn {
	nc, err := c.dial(port)
	c.Expect(err).NotTo(HaveOccurred())
	return nc
}

// end reads a connection until it ends, for an hour at most.
func end(nc net.Conn) error {
	nc.SetReadDeadline(time.Now().Add(patience))
	_, err := io.ReadAll(nc)
	if err == nil {
		return io.EOF
	}
	return err
}

func (c *client) dialFails() error {
	_, err := c.dial("514")
	return err
}

// oldLine writes a line on the standing connection.
func (c *client) oldLine() error {
	_, err := c.old.Write([]byte(line(1)))
	return err
}

func (c *client) oldLineAndEnd() error {
	c.Expect(c.oldLine()).To(Succeed(), "the kernel takes it")
	return end(c.old)
}

// writeTwice writes a line that is answered with RST, and one after that.
func (c *client) writeTwice() error {
	c.Expect(end(c.old)).To(Equal(io.EOF))
	c.Expect(c.oldLine()).To(Succeed(), "the first write after a FIN seems to succeed")
	time.Sleep(2 * roundTrip)
	return c.oldLine()
}

// idle writes after a firewall has forgotten the connection.
func (c *client) idle() error {
	c.old.(*network.Conn).SetKeepAliveConfig(net.KeepAliveConfig{Idle: -1, Interval: -1, Count: -1})
	time.Sleep(10 * time.Minute)
	return c.oldLineAndEnd()
}

func sendAndClose(nc net.Conn) error {
	nc.Write([]byte(strings.Repeat(line(1), lines)))
	nc.(*network.Conn).CloseWrite()
	return end(nc)
}

// sendMuch sends so much that the peer's window must open 19 times.
func (c *client) sendMuch() error {
	c.old.Write([]byte(strings.Repeat(line(1), 20*network.DefaultBuffer/lineSize)))
	c.old.(*network.Conn).CloseWrite()
	return end(c.old)
}

func (c *client) sendAndClose() error    { return sendAndClose(c.old) }
func (c *client) newSendAndClose() error { return sendAndClose(c.connected("514")) }

// dialUntil dials until the queue is full.
func (c *client) dialUntil() error {
	for {
		if _, err := c.dial("514"); err != nil {
			return err
		}
	}
}

func (c *client) handshakeAndRead() error {
	secured, err := c.secure(0)
	c.Expect(err).NotTo(HaveOccurred(), "with TLS 1.3 the client's side is over before it is refused")
	return end(secured)
}

// writes sends lines one at a time until something fails, 100,000 at most, for
// an hour.
func writes(nc net.Conn) error {
	nc.SetWriteDeadline(time.Now().Add(patience))
	for i := range 100_000 {
		if _, err := nc.Write([]byte(line(i))); err != nil {
			return err
		}
	}
	return nil
}

// secure dials with TLS and sees how the handshake ends.
func (c *client) secure(most uint16) (*tls.Conn, error) {
	nc := c.connected("6514")
	nc.SetDeadline(time.Now().Add(patience))
	secured := tls.Client(nc, &tls.Config{RootCAs: c.s.CA(), ServerName: "siem", MaxVersion: most, Time: time.Now})
	return secured, secured.Handshake()
}

func (c *client) handshake() error {
	_, err := c.secure(0)
	return err
}

// datagrams sends three, and says which came, in order.
func (c *client) datagrams() error {
	nc, err := c.host.Dial(context.Background(), "udp", "10.0.0.2:514")
	c.Expect(err).NotTo(HaveOccurred())
	for i := range 3 {
		if _, err := nc.Write([]byte(strings.TrimSuffix(line(i), "\n"))); err != nil {
			return err
		}
		time.Sleep(2 * roundTrip)
	}
	return nil
}

// came sends datagrams, of which no client sees anything: the ledger tells
// which were parsed, by the last digits of their ids.
func (c *client) came() error {
	if err := c.datagrams(); err != nil {
		return err
	}
	synctest.Wait()
	var digits string
	for _, e := range c.s.Arrivals() {
		if e.Place == fakesyslog.Parsed {
			digits += e.ID[len(e.ID)-1:]
		}
	}
	if digits == "" {
		digits = "none parsed"
	}
	return errors.New(digits)
}

// ask asks for an address of siem, with a patience of 5 s as Go's resolver has.
func (c *client) ask() (dnsmessage.Message, error) {
	nc, err := c.host.Dial(context.Background(), "udp", "10.0.0.2:53")
	c.Expect(err).NotTo(HaveOccurred())
	nc.SetReadDeadline(time.Now().Add(5 * time.Second))
	question := dnsmessage.Message{Header: dnsmessage.Header{ID: 1}, Questions: []dnsmessage.Question{{
		Name: dnsmessage.MustNewName("siem."), Type: dnsmessage.TypeA, Class: dnsmessage.ClassINET}}}
	b, err := question.Pack()
	c.Expect(err).NotTo(HaveOccurred())
	nc.Write(b)
	buf := make([]byte, 512)
	n, err := nc.Read(buf)
	if err != nil {
		return dnsmessage.Message{}, err
	}
	var reply dnsmessage.Message
	return reply, reply.Unpack(buf[:n])
}

func (c *client) code() error {
	m, err := c.ask()
	if err != nil {
		return err
	}
	if len(m.Answers) > 0 {
		return errors.New(netip.AddrFrom4(m.Answers[0].Body.(*dnsmessage.AResource).A).String())
	}
	return errors.New(m.RCode.String())
}

// line is a message of lineSize bytes.
func line(i int) string {
	start := fmt.Sprintf("2023-03-02T21:10:02.022Z CEF:0|MCAS|SIEM_Agent|0.1|EVENT_CATEGORY_LOGIN|Log on|0|"+
		"externalId=1677791402022_5be018ee-f676-4473-a9b5-%012x start=1 end=1 msg=", i)
	rest := " suser=a@b destinationServiceName=Box\n"
	return start + strings.Repeat("x", lineSize-len(start)-len(rest)) + rest
}

// seen is one fault and what a client sees of it.
type seen struct {
	fault string // as on a command line
	does  string // what the client does
	see   func(*client) error
	err   any // the error itself, or a matcher
	after time.Duration
}

var receiverFaults = []seen{
	{"accept-reset", "dials and reads", func(c *client) error { return end(c.connected("514")) }, syscall.ECONNRESET, roundTrip},
	{"bandwidth rate=10000", "writes, closes and reads", (*client).sendAndClose, io.EOF, lines*lineSize*time.Second/10000 + oneWay},
	{"black-hole", "dials", (*client).dialFails, syscall.ETIMEDOUT, synGivenUp},
	{"black-hole", "writes on a standing connection", (*client).oldLine, nil, 0},
	{"black-hole established=true", "writes and reads", (*client).oldLineAndEnd, syscall.ETIMEDOUT, dataGivenUp},
	{"close", "reads", func(c *client) error { return end(c.old) }, io.EOF, oneWay},
	{"close", "writes twice", (*client).writeTwice, syscall.EPIPE, oneWay + 2*roundTrip},
	{"crash", "reads", func(c *client) error { return end(c.old) }, io.EOF, oneWay},
	{"crash", "dials", (*client).dialFails, syscall.ECONNREFUSED, roundTrip},
	{"cut at=40", "writes and reads", (*client).oldLineAndEnd, syscall.ECONNRESET, roundTrip},
	{"cut at=40 with=close", "writes and reads", (*client).oldLineAndEnd, io.EOF, roundTrip},
	{"full-backlog", "dials until it fails", (*client).dialUntil, syscall.ETIMEDOUT, 2*roundTrip + synGivenUp},
	{"half-close", "reads", func(c *client) error { return end(c.old) }, io.EOF, oneWay},
	{"half-close", "writes", (*client).oldLine, nil, 0},
	{"idle-kill idle=5m", "reads", func(c *client) error { return end(c.old) }, syscall.ETIMEDOUT, 5*time.Minute - age - oneWay + keepAliveGivesUp},
	{"idle-kill idle=5m", "writes and reads, without keepalive", (*client).idle, syscall.ETIMEDOUT, 10*time.Minute + dataGivenUp},
	{"idle-kill idle=5m with=reset", "reads", func(c *client) error { return end(c.old) }, syscall.ECONNRESET, 5*time.Minute - age},
	{"idle-kill idle=5m with=close", "reads", func(c *client) error { return end(c.old) }, io.EOF, 5*time.Minute - age},
	{"latency delay=3s", "writes, closes and reads", (*client).sendAndClose, io.EOF, roundTrip + 3*time.Second},
	{"latency delay=3s", "writes 20 windows, closes and reads", (*client).sendMuch, io.EOF, 20*roundTrip + 3*time.Second},
	{"long-line limit=50", "writes and reads", (*client).oldLineAndEnd, io.EOF, roundTrip},
	{"moved to=10.0.0.3:514", "dials the old address", (*client).dialFails, syscall.ECONNREFUSED, roundTrip},
	{"moved to=10.0.0.3:514", "reads", func(c *client) error { return end(c.old) }, syscall.ECONNRESET, oneWay},
	{"moved to=10.0.0.3:514 old=black-hole", "dials the old address", (*client).dialFails, syscall.ETIMEDOUT, synGivenUp},
	{"moved to=10.0.0.3:514 old=black-hole", "writes and reads", (*client).oldLineAndEnd, syscall.ETIMEDOUT, dataGivenUp},
	{"moved to=10.0.0.3:514 old=swallow", "writes, closes and reads", (*client).sendAndClose, io.EOF, roundTrip},
	{"name-failing", "asks", (*client).code, "RCodeServerFailure", roundTrip},
	{"name-silent", "asks", (*client).code, os.ErrDeadlineExceeded, 5 * time.Second},
	{"name-stale address=10.0.0.9", "asks", (*client).code, "10.0.0.9", roundTrip},
	{"name-unknown", "asks", (*client).code, "RCodeNameError", roundTrip},
	{"refuse", "dials", (*client).dialFails, syscall.ECONNREFUSED, roundTrip},
	{"refuse", "sends datagrams", (*client).datagrams, syscall.ECONNREFUSED, 2 * roundTrip},
	{"refuse established=true", "reads", func(c *client) error { return end(c.old) }, syscall.ECONNRESET, oneWay},
	{"reset", "reads", func(c *client) error { return end(c.old) }, syscall.ECONNRESET, oneWay},
	{"reset after=1", "writes and reads", (*client).oldLineAndEnd, syscall.ECONNRESET, roundTrip},
	{"slow-accept pause=10s", "dials, writes, closes and reads", (*client).newSendAndClose, io.EOF, 10*time.Second - age},
	{"slow-read rate=100", "writes, closes and reads", (*client).sendAndClose, io.EOF, lines*lineSize*time.Second/100 + oneWay},
	{"stall", "writes on", func(c *client) error { return writes(c.old) }, os.ErrDeadlineExceeded, patience},
	{"tls-client-certificate", "reads after the handshake", (*client).handshakeAndRead, ContainSubstring("certificate required"), 3 * roundTrip},
	{"tls-expired", "shakes hands", (*client).handshake, ContainSubstring("has expired"), 2 * roundTrip},
	{"tls-hang", "shakes hands", (*client).handshake, os.ErrDeadlineExceeded, roundTrip + patience},
	{"tls-old-version", "shakes hands", (*client).handshake, ContainSubstring("protocol version"), 2 * roundTrip},
	{"tls-unknown-ca", "shakes hands", (*client).handshake, ContainSubstring("unknown authority"), 2 * roundTrip},
	{"tls-wrong-name", "shakes hands", (*client).handshake, ContainSubstring("not siem"), 2 * roundTrip},
	{"udp-drop", "sends datagrams", (*client).came, "none parsed", 3 * 2 * roundTrip},
	{"udp-duplicate", "sends datagrams", (*client).came, "001122", 3 * 2 * roundTrip},
	{"udp-reorder first=1", "sends datagrams", (*client).came, "102", 3 * 2 * roundTrip},
	{"udp-truncate keep=150", "sends datagrams", (*client).came, "none parsed", 3 * 2 * roundTrip},
}

func (s seen) play(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewWithT(t)
		n := network.New()
		n.SetDefaultPath(network.Path{Latency: oneWay})
		agent, siem := n.AddHost("agent", "10.0.0.1"), n.AddHost("siem", "10.0.0.2", "10.0.0.3")
		t.Cleanup(agent.KillProcess)
		server := &fakesyslog.Server{Listen: siem.Listen, ListenPacket: siem.ListenPacket, Names: []string{"siem"}, Seed: 1}
		t.Cleanup(func() { server.Close() })
		for _, l := range [][2]string{{"tcp", "10.0.0.2:514"}, {"udp", "10.0.0.2:514"}, {"tls", "10.0.0.2:6514"}} {
			_, err := server.Start(l[0], l[1])
			g.Expect(err).NotTo(HaveOccurred())
		}
		_, err := server.StartNames("10.0.0.2:53", map[string][]netip.Addr{"siem": {netip.MustParseAddr("10.0.0.2")}})
		g.Expect(err).NotTo(HaveOccurred())
		c := &client{Gomega: g, s: server, host: agent}
		c.old = c.connected("514")
		time.Sleep(age)

		f, err := fakesyslog.ParseFault(s.fault)
		g.Expect(err).NotTo(HaveOccurred())
		_, err = server.Inject(f)
		g.Expect(err).NotTo(HaveOccurred())
		c.start = time.Now()
		err = s.see(c)
		took := time.Since(c.start)
		synctest.Wait()
		switch want := s.err.(type) {
		case nil:
			g.Expect(err).NotTo(HaveOccurred())
		default:
			g.Expect(err).To(MatchError(want))
		}
		g.Expect(took).To(Equal(s.after), "virtual time")
		g.Expect(server.Faults()[0].Hits).To(BeNumerically(">", 0), "it took hold")
		g.Expect(server.Heal(f.Name)).To(Succeed())
	})
}

func TestWhatAClientSeesOfEachFaultOfTheReceiver(t *testing.T) {
	shown := map[string]bool{}
	for _, s := range receiverFaults {
		shown[strings.Fields(s.fault)[0]] = true
		t.Run(s.fault+": "+s.does, s.play)
	}
	for _, name := range fakesyslog.FaultNames() {
		if !shown[name] {
			t.Errorf("no line shows what a client sees of %s", name)
		}
	}
}
