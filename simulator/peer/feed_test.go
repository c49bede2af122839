package peer_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"regexp"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/fakecas"
	"siemdrill/simulator/peer"
)

// reader is a forwarder's input that counts what it reads.
type reader struct {
	mu   sync.Mutex
	came map[string]int
}

var externalID = regexp.MustCompile(`externalId=(\S+)`)

func (r *reader) note(line string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.came == nil {
		r.came = map[string]int{}
	}
	r.came[externalID.FindStringSubmatch(line)[1]]++
}

func (r *reader) times(id string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.came[id]
}

func listen(t *testing.T, address string) *net.TCPListener {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l.(*net.TCPListener)
}

// serve reads connections to their end, one after the other. The first breaks of
// them it breaks after some lines.
func (r *reader) serve(l net.Listener, breaks int, how func(*net.TCPConn)) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		lines := bufio.NewScanner(conn)
		lines.Buffer(nil, 1<<20)
		for n := 0; lines.Scan(); n++ {
			if breaks > 0 && n == 100 {
				breaks--
				how(conn.(*net.TCPConn))
				break
			}
			r.note(lines.Text())
		}
		conn.Close()
	}
}

func taken(f *peer.Feed, n int) func() bool {
	return func() bool { return f.Progress().Taken == n }
}

// A forwarder that ends a connection in the middle, however it does, gets the
// whole batch again, and every line comes.
func TestFeedSendsAgainWhatWasNotTaken(t *testing.T) {
	for name, how := range map[string]func(*net.TCPConn){
		"reset":                    func(c *net.TCPConn) { c.SetLinger(0); c.Close() },
		"closed with lines unread": func(c *net.TCPConn) { c.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			tenant := fakecas.NewTestServer(t).Tenant()
			l := listen(t, "127.0.0.1:0")
			var r reader
			go r.serve(l, 2, how)
			ids := tenant.AddActivities(1000, fakecas.Spread{Over: time.Minute})
			f := feed(t, tenant, l.Addr().String())
			g.Eventually(taken(f, 1000), 10*time.Second).Should(BeTrue())
			for _, id := range ids {
				g.Expect(r.times(id)).To(BeNumerically(">=", 1), id)
			}
			p := f.Progress()
			g.Expect(p.Broken).To(Equal(2))
			g.Expect(p.Why).NotTo(BeEmpty())
			g.Expect(p.Again).To(And(BeNumerically(">", 0), BeNumerically("<=", 2*300)), "at most the two batches that broke")
			g.Expect(p.Written).To(Equal(1000))
			g.Expect(p.Waiting).To(BeZero())
		})
	}
}

// A forwarder that isn't there is tried until it is; what came to be meanwhile,
// and what comes afterwards, is sent once each.
func TestFeedWaitsForTheForwarder(t *testing.T) {
	g := NewWithT(t)
	tenant := fakecas.NewTestServer(t).Tenant()
	address := freeAddress(t)
	f := feed(t, tenant, address)
	ids := tenant.AddAlerts(5, fakecas.Spread{})
	f.Wake()
	g.Eventually(func() int { return f.Progress().Broken }, 10*time.Second).Should(BeNumerically(">", 1))
	g.Expect(f.Progress().Waiting).To(Equal(5))
	var r reader
	go r.serve(listen(t, address), 0, nil)
	g.Eventually(taken(f, 5), 10*time.Second).Should(BeTrue())
	ids = append(ids, tenant.AddActivities(5, fakecas.Spread{})...)
	f.Wake()
	g.Eventually(taken(f, 10), 10*time.Second).Should(BeTrue())
	for _, id := range ids {
		g.Expect(r.times(id)).To(Equal(1), id)
	}
}

// A forwarder that reads nothing holds the Feed up, and Progress says so.
func TestFeedWaitsForAForwarderThatDoesNotRead(t *testing.T) {
	g := NewWithT(t)
	tenant := fakecas.NewTestServer(t).Tenant()
	l := listen(t, "127.0.0.1:0")
	const many = 20_000 // more than the kernel holds
	tenant.AddRecords(fakecas.Activity, many, fakecas.Spread{Over: time.Minute})
	f := &peer.Feed{Tenant: tenant, Address: l.Addr().String(), Batch: many}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		f.Run(ctx)
		close(ended)
	}()
	conn, err := l.Accept()
	g.Expect(err).NotTo(HaveOccurred())
	defer conn.Close()
	var before int
	g.Eventually(func() bool { // until it writes no more
		now := f.Progress().Written
		defer func() { before = now }()
		return now > 0 && now == before
	}, 10*time.Second, 100*time.Millisecond).Should(BeTrue())
	p := f.Progress()
	g.Expect(p.Taken).To(BeZero())
	g.Expect(p.Waiting).To(Equal(many - p.Written))
	go io.Copy(io.Discard, conn)
	g.Eventually(func() int { return f.Progress().Written }, 20*time.Second).Should(Equal(many))
	g.Expect(f.Progress().Blocked).To(BeNumerically(">", 100*time.Millisecond))
	cancel()
	g.Eventually(ended, 10*time.Second).Should(BeClosed())
	g.Expect(f.Progress().Taken).To(BeZero(), "the end of the batch was never answered")
}

// What was created before Since is left out.
func TestFeedSince(t *testing.T) {
	g := NewWithT(t)
	tenant := fakecas.NewTestServer(t).Tenant()
	old := tenant.AddActivities(3, fakecas.Spread{Ago: 3 * time.Hour})
	young := tenant.AddActivities(3, fakecas.Spread{Ago: time.Minute})
	l := listen(t, "127.0.0.1:0")
	var r reader
	go r.serve(l, 0, nil)
	f := &peer.Feed{Tenant: tenant, Address: l.Addr().String(), Since: time.Now().Add(-time.Hour), Every: 10 * time.Millisecond}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go f.Run(ctx)
	g.Eventually(taken(f, 6), 10*time.Second).Should(BeTrue())
	for i := range old {
		g.Expect(r.times(old[i])).To(BeZero())
		g.Expect(r.times(young[i])).To(Equal(1))
	}
}

// BenchmarkFeed is how many lines a second a Feed writes to a reader that throws
// them away.
func BenchmarkFeed(b *testing.B) {
	s := &fakecas.Server{}
	if err := s.Start("127.0.0.1:0"); err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			io.Copy(io.Discard, conn)
			conn.Close()
		}
	}()
	s.Tenant().AddRecords(fakecas.Activity, b.N, fakecas.Spread{Over: time.Minute})
	f := &peer.Feed{Tenant: s.Tenant(), Address: l.Addr().String(), Every: 10 * time.Millisecond}
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	b.ResetTimer()
	go f.Run(ctx)
	for f.Progress().Taken < b.N {
		time.Sleep(time.Millisecond)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "lines/s")
}
