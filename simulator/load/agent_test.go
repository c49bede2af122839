package load

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/agent"
	"siemdrill/simulator/peer"
)

// TestMain is a foreign agent where a test calls this program so: the project's
// own, told of its service and receiver as a foreign one is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "foreign" {
		if err := foreign(os.Args[2:]); err != nil {
			println(err.Error())
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func foreign(args []string) error {
	token, service, ca, receiver := args[0], args[1], args[2], args[3]
	for name, value := range map[string]string{"TOKEN": token, "SERVICE": service, "CA": ca, "RECEIVER": receiver, "DIRECTORY": args[4]} {
		if os.Getenv("SIEMDRILL_"+name) != value || value == "" {
			return errors.New(name + " differs in arguments and environment")
		}
	}
	a, err := agent.New(agent.Config{Token: token, Settings: agent.Settings{
		Service: service, CAFile: ca, CheckpointDirectory: args[4], RequestsPerMinute: -1, PullPeriod: agent.Duration(100 * time.Millisecond),
	}})
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if len(args) > 5 {
		life, err := time.ParseDuration(args[5])
		if err != nil {
			return err
		}
		ctx, stop = context.WithTimeout(ctx, life)
		defer stop()
	}
	return a.Run(ctx)
}

// An agent that ends under load fails the run, and nobody waits for what can't
// come.
func TestForeignAgentThatLeaves(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	a, err := ParseAgent(os.Args[0]+" foreign {token} {service} {ca} {receiver} {directory} 1500ms", nil)
	g.Expect(err).NotTo(HaveOccurred())
	s := brief(t, a)
	s.For, s.Drain = 4*time.Second, time.Hour
	r, err := Run(t.Context(), s, nil)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(failuresOf(r)).To(ConsistOf(ContainSubstring("the agent ended, with status 0")))
	g.Expect(r.Lost()).To(BeNumerically(">", 0))
}

func TestForeignAgent(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	a, err := ParseAgent(os.Args[0]+" foreign {token} {service} {ca} {receiver} {directory}", nil)
	g.Expect(err).NotTo(HaveOccurred())
	r, err := Run(t.Context(), brief(t, a), nil)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(failuresOf(r)).To(BeEmpty())
	g.Expect(r.Ledger.Arrived).To(Equal(1000))
	g.Expect(r.Agent).To(ContainSubstring("foreign {token}")) // and no token
	g.Expect(r.Cost.CPU).To(BeNumerically(">", 0))
}

// brief is a short run of an agent.
func brief(t *testing.T, a Agent) Settings {
	profile, err := ParseProfile("500")
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return Settings{Agent: a, Profile: profile, For: 2 * time.Second, Drain: time.Minute, Transport: TCP, Seed: 1}
}

// An agent that ends at once is an error that has what it said.
func TestForeignAgentThatEnds(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	a, err := ParseAgent(os.Args[0]+" foreign {token} elsewhere {ca} {receiver} {directory}", nil)
	g.Expect(err).NotTo(HaveOccurred())
	_, err = Run(t.Context(), brief(t, a), nil)
	g.Expect(err).To(MatchError(And(ContainSubstring("exit status 1"), ContainSubstring("SERVICE differs in arguments and environment"))))
}

// Other people's forwarders are fed, forward everything, and are measured as an
// agent is.
func TestPeers(t *testing.T) {
	for _, name := range peer.Names() {
		for _, variant := range peer.Variants() {
			t.Run(name+":"+variant, func(t *testing.T) {
				g := NewWithT(t)
				a, err := ParseAgent(name+":"+variant, nil)
				if Missing(err) && !strings.Contains(os.Getenv("SIEMDRILL_REQUIRE"), "peers") {
					t.Skip(err)
				}
				g.Expect(err).NotTo(HaveOccurred())
				s := brief(t, a)
				s.Alerts = 0.2
				r, err := Run(t.Context(), s, nil)
				g.Expect(err).NotTo(HaveOccurred())
				g.Expect(failuresOf(r)).To(BeEmpty())
				g.Expect(r.Agent).To(Equal(name + ":" + variant))
				g.Expect(r.Ledger.Arrived).To(Equal(1000))
				g.Expect(r.Whole.Ages.Count()).To(BeEquivalentTo(1000))
				g.Expect(r.Cost.CPU).To(BeNumerically(">", 0))
			})
		}
	}
}

// What a plain forwarder can't have is wrong before anything is started.
func TestPeerSettings(t *testing.T) {
	g := NewWithT(t)
	s := brief(t, Agent{plain: &peer.Program{Name: "rsyslog", Variant: "tuned"}})
	s.Agents, s.Shards = 1, 1
	g.Expect(s.Validate()).To(Succeed())
	s.Framing = agent.OctetCounting
	g.Expect(s.Validate()).To(MatchError(ContainSubstring("the configurations of rsyslog:tuned send that")))
	s.Framing = ""
	fault, err := ParseFault("at 1s cas:refuse for 1s")
	g.Expect(err).NotTo(HaveOccurred())
	s.Faults = []Fault{fault}
	g.Expect(s.Validate()).To(MatchError(ContainSubstring("rsyslog:tuned asks it nothing")))
}
