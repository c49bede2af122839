package coordinator

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/agent/stepped"
)

func posted(port uint16, sent, received uint64) stepped.State {
	return stepped.State{Datagrams: map[uint16]stepped.Datagrams{port: {Sent: sent, Received: received}}}
}

// A datagram is waited for until its receiver has it, whoever reports first.
func TestTimeWaitsForADatagram(t *testing.T) {
	g := NewWithT(t)
	c := apart(t)
	c.Limit = grace / 2
	server, client := onMachine(t, c, "server"), onMachine(t, c, "client")
	client.be(posted(53, 1, 0))
	server.be(stepped.State{})
	g.Expect(c.Settle()).To(MatchError(ContainSubstring("a datagram to port 53")))
	server.be(posted(53, 0, 1))
	g.Eventually(c.Settle).Should(Succeed())
	server.be(posted(53, 0, 2))
	g.Eventually(c.Settle).ShouldNot(Succeed(), "its sender has yet to say so")
	client.be(posted(53, 2, 0))
	g.Eventually(c.Settle).Should(Succeed())
}

// One that was lost is waited for once, and what is lost of the next ones to its
// port is not, until something was done that may have changed that.
func TestALostDatagramIsWaitedForOnce(t *testing.T) {
	g := NewWithT(t)
	c := apart(t)
	client := onMachine(t, c, "client")
	took := func(s stepped.State) time.Duration {
		client.be(s)
		g.Eventually(func() stepped.State {
			c.mu.Lock()
			defer c.mu.Unlock()
			return client.Member.state
		}).Should(Equal(s), "it has come")
		began := time.Now()
		g.Expect(c.Settle()).To(Succeed())
		return time.Since(began)
	}
	g.Expect(took(posted(514, 1, 0))).To(BeNumerically(">=", grace))
	g.Expect(took(posted(514, 2, 0))).To(BeNumerically("<", grace))
	c.Ask()
	g.Expect(took(posted(514, 2, 0))).To(BeNumerically("<", grace), "nothing is under way")
	g.Expect(took(posted(514, 3, 0))).To(BeNumerically(">=", grace))
}

// What a process that ended had sent and received still counts.
func TestTheAccountOutlivesAMember(t *testing.T) {
	g := NewWithT(t)
	c := apart(t)
	c.Limit = grace / 2
	server, client := onMachine(t, c, "server"), onMachine(t, c, "client")
	server.be(posted(514, 0, 7))
	client.be(posted(514, 7, 0))
	g.Eventually(c.Settle).Should(Succeed())
	client.Gone()
	g.Expect(c.Settle()).To(Succeed())
	again := onMachine(t, c, "client")
	again.be(posted(514, 1, 0))
	g.Expect(c.Settle()).NotTo(Succeed())
	server.be(posted(514, 0, 8))
	g.Eventually(c.Settle).Should(Succeed())
}
