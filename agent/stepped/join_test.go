package stepped

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	"golang.org/x/net/dns/dnsmessage"
)

var morning = time.Date(2026, time.January, 5, 9, 0, 0, 0, time.UTC)

func TestAPartyWaitsForACoordinatorOnNoPublicAddress(t *testing.T) {
	for _, address := range []string{"listen:192.0.2.1:7000", "listen:0.0.0.0:7000", "listen:localhost:7000", "listen:10.0.0.1", "listen:"} {
		_, err := Join(address, func(error) {})
		NewWithT(t).Expect(err).To(MatchError(ContainSubstring("expected listen: and a loopback or private address and a port")), address)
	}
}

// joined is a party that waits for its coordinator, which the test is.
func joined(t *testing.T, welcome Welcome) (*Membership, *Line) {
	t.Helper()
	g := NewWithT(t)
	free, err := net.Listen("tcp", "127.0.0.1:0")
	g.Expect(err).NotTo(HaveOccurred())
	address := free.Addr().String()
	free.Close()
	lost, member := make(chan error, 1), make(chan *Membership, 1)
	go func() {
		m, err := Join("listen:"+address, func(err error) { lost <- err })
		if err != nil {
			t.Error(err)
		}
		member <- m
	}()
	dial := func() net.Conn {
		var conn net.Conn
		g.Eventually(func() (err error) {
			conn, err = net.Dial("tcp", address)
			return err
		}, helloLimit).Should(Succeed())
		return conn
	}
	dial().Close() // as what publishes a port does
	line := NewLine(dial())
	var hello ToCoordinator
	g.Expect(line.Hear(&hello)).To(Succeed())
	g.Expect(hello.Hello).To(Equal(&Hello{Version}))
	g.Expect(line.Say(ToParty{Welcome: &welcome})).To(Succeed())
	m := <-member
	g.Expect(m).NotTo(BeNil())
	t.Cleanup(func() {
		line.Close()
		g.Expect(<-lost).To(HaveOccurred())
	})
	return m, line
}

func TestAPartyTakesTheFirstCoordinatorThatComes(t *testing.T) {
	g := NewWithT(t)
	m, line := joined(t, Welcome{Now: morning, Ahead: time.Hour})
	g.Expect(m.Now()).To(Equal(morning.Add(time.Hour)))
	heard := func(is func(ToCoordinator) bool) {
		for {
			var said ToCoordinator
			g.Expect(line.Hear(&said)).To(Succeed())
			if is(said) {
				return
			}
		}
	}
	g.Expect(line.Say(ToParty{Grant: &Grant{Seq: 1, Now: morning.Add(time.Minute)}})).To(Succeed())
	heard(func(said ToCoordinator) bool { return said.Seen == 1 })
	g.Expect(m.Now()).To(Equal(morning.Add(time.Hour + time.Minute)))
	g.Expect(line.Say(ToParty{Grant: &Grant{Seq: 2, Now: morning.Add(time.Hour), Do: Look}})).To(Succeed())
	heard(func(said ToCoordinator) bool { return said.Report != nil && said.Report.Seq == 2 })
	g.Expect(m.Now()).To(Equal(morning.Add(2 * time.Hour)))
}

// nameServer answers for siem.example with one address, and says of any other
// name that there is none; to silent.example it says nothing.
func nameServer(t *testing.T) netip.AddrPort {
	t.Helper()
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { conn.Close() })
	go func() {
		for b := make([]byte, 512); ; {
			n, from, err := conn.ReadFrom(b)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(b[:n]) != nil || m.Questions[0].Name.String() == "silent.example." {
				continue
			}
			m.Response, m.Additionals = true, nil
			if q := m.Questions[0]; q.Name.String() == "siem.example." {
				m.Answers = []dnsmessage.Resource{{
					Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class},
					Body:   &dnsmessage.AResource{A: [4]byte{10, 0, 0, 2}},
				}}
			} else {
				m.RCode = dnsmessage.RCodeNameError
			}
			if reply, err := m.Pack(); err == nil {
				conn.WriteTo(reply, from)
			}
		}
	}()
	return conn.LocalAddr().(*net.UDPAddr).AddrPort()
}

// With a name server of its own a party asks that, in real datagrams, and an
// answer takes its time in stepped time.
func TestAPartyAsksItsNameServer(t *testing.T) {
	g := NewWithT(t)
	m, line := joined(t, Welcome{Now: morning, Names: nameServer(t)})
	reports := make(chan Report, 100)
	go func() {
		for {
			var said ToCoordinator
			if line.Hear(&said) != nil {
				return
			}
			if said.Report != nil {
				reports <- *said.Report
			}
		}
	}()
	// look asks for a name and steps the time as soon as somebody waits for it.
	look := func(ctx context.Context, host string) ([]netip.Addr, error) {
		type answer struct {
			addresses []netip.Addr
			err       error
		}
		done := make(chan answer, 1)
		go func() {
			a, err := m.Lookup(ctx, host)
			done <- answer{a, err}
		}()
		for seq := uint64(1); ; {
			select {
			case a := <-done:
				return a.addresses, a.err
			case r := <-reports:
				if !r.State.Next.IsZero() {
					line.Say(ToParty{Grant: &Grant{Seq: seq, Now: r.State.Next, Do: Fire}})
					seq++
				}
			}
		}
	}
	addresses, err := look(t.Context(), "siem.example")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(addresses).To(Equal([]netip.Addr{netip.MustParseAddr("10.0.0.2")}))
	g.Expect(m.Now()).To(Equal(morning.Add(firstLookup)))

	_, err = look(t.Context(), "gone.example")
	failure, is := errors.AsType[*net.DNSError](err)
	g.Expect(is).To(BeTrue())
	g.Expect(failure.IsNotFound).To(BeTrue())

	ctx, cancel := context.WithCancel(t.Context())
	m.AfterFunc(30*time.Second, cancel)
	_, err = look(ctx, "silent.example")
	failure, is = errors.AsType[*net.DNSError](err)
	g.Expect(is).To(BeTrue())
	g.Expect(failure.IsTimeout).To(BeTrue())
	g.Expect(m.Now()).To(Equal(morning.Add(2*firstLookup + 30*time.Second)))
	state, _ := m.State(m.Changes())
	g.Expect(state.Datagrams).To(Equal(map[uint16]Datagrams{0: {Sent: 3, Received: 2}}), "a question each, and no answer to the last one")
}
