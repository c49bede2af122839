//go:build linux

package binary_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/fakecas"
	"siemdrill/fakesyslog"
)

// arrivals counts what a receiver has read and understood.
type arrivals struct {
	mu     sync.Mutex
	times  map[string]int
	repeat int // lines that had come before
	wanted int
	all    chan struct{} // closed when so many different ones have come
}

func (a *arrivals) hook(e fakesyslog.Event) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if e.Kind != fakesyslog.KindLine {
		return
	}
	a.times[e.Record]++
	if a.times[e.Record] > 1 {
		a.repeat++
	}
	a.check()
}

func (a *arrivals) check() {
	if a.all != nil && len(a.times) >= a.wanted {
		close(a.all)
		a.all = nil
	}
}

// repeated is how many lines have come again.
func (a *arrivals) repeated() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.repeat
}

// await waits until that many different records have come.
func (a *arrivals) await(n int) error {
	all := make(chan struct{})
	a.mu.Lock()
	a.wanted, a.all = n, all
	a.check()
	a.mu.Unlock()
	select {
	case <-all:
		return nil
	case <-time.After(2 * time.Minute):
		a.mu.Lock()
		defer a.mu.Unlock()
		return fmt.Errorf("%d of %d have come after 2 minutes", len(a.times), n)
	}
}

// receiver is a fakesyslog that is told of by arrivals.
func receiver(t testing.TB, network string) (*fakesyslog.Server, *arrivals, string) {
	t.Helper()
	a := &arrivals{times: map[string]int{}}
	s := &fakesyslog.Server{Hook: a.hook}
	if network == "tls" {
		s.Framing = fakesyslog.OctetCounting // RFC 5425, section 4.3
	}
	address, err := s.Start(network, "127.0.0.1:0")
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { s.Close() })
	return s, a, address.String()
}

// size is a number from the environment, so that a nightly run can be longer.
func size(name string, standard int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return standard
}

// The agent is killed again and again, while it pulls, writes, confirms and
// saves: nothing is lost, and for each kill K lines at most come again: the batch
// in doubt and the one whose checkpoint was being written. SIEMDRILL_KILLS is
// how often (a nightly run has 300), SIEMDRILL_SEED repeats a run's moments.
func TestKilledAtAnyMomentNothingIsLost(t *testing.T) {
	const k = 50
	g := NewWithT(t)
	kills, seed := size("SIEMDRILL_KILLS", 10), size("SIEMDRILL_SEED", int(time.Now().UnixNano()%1_000_000))
	t.Logf("SIEMDRILL_SEED=%d SIEMDRILL_KILLS=%d", seed, kills)
	random := rand.New(rand.NewPCG(uint64(seed), 0))
	_, came, address := receiver(t, "tcp")
	s, a := service(t, address)
	run := newRunner(t, s, a, map[string]any{"confirmLines": k, "confirmShare": 100})
	created := 0
	for range kills {
		activities, alerts := random.IntN(400), random.IntN(40)
		s.Tenant().AddActivities(activities, fakecas.Spread{}) // all of one instant
		s.Tenant().AddAlerts(alerts, fakecas.Spread{})
		created += activities + alerts
		p := run.start()
		time.Sleep(time.Duration(random.Int64N(int64(300 * time.Millisecond)))) // the moment
		p.kill()
	}
	p := run.start()
	g.Expect(came.await(created)).To(Succeed(), p.printed.String())
	t.Logf("%d records, %d kills: 0 lost, %d came again, %.1f for each kill", created, kills, came.repeated(), float64(came.repeated())/float64(kills))
	g.Expect(came.repeated()).To(BeNumerically("<=", kills*k))
}
