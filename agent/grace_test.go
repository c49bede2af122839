package agent

import (
	"bufio"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/agent/internal/wiretest"
)

// mortal is a receiver as a process. It keeps what it reads in its memory and
// uses it when it is closed to, but the first time it ends in that instant: its
// kernel closes its connections, one after the other, and after three seconds
// it is back.
type mortal struct {
	w     *world
	close ending
	open  []*wiretest.End
	ended bool
	gone  bool
}

// ending closes connections, of which the first was closed to.
type ending func(first *wiretest.End, others []*wiretest.End)

const apart = 13 * time.Millisecond // the most that was seen

var endings = map[string]ending{
	"the one that was closed to first": func(first *wiretest.End, others []*wiretest.End) { first.Close(); closeAll(others) },
	"the next one first": func(first *wiretest.End, others []*wiretest.End) {
		closeAll(others)
		time.Sleep(time.Microsecond)
		first.Close()
	},
	"the next one long before": func(first *wiretest.End, others []*wiretest.End) {
		closeAll(others)
		time.Sleep(apart)
		first.Close()
	},
	"the next one long after, with lines that nobody has read": func(first *wiretest.End, others []*wiretest.End) {
		first.Close()
		time.Sleep(apart)
		for _, end := range others {
			end.Reset()
		}
	},
}

func closeAll(ends []*wiretest.End) {
	for _, end := range ends {
		end.Close()
	}
}

// beMortal has the receiver be one.
func (w *world) beMortal(close ending) {
	m := &mortal{w: w, close: close}
	w.receivers["192.0.2.1:514"] = m.receive
	w.refuses = func() bool { return m.gone }
	w.letReceiversEnd()
}

// letReceiversEnd has the test end after what they do at the agent's end.
func (w *world) letReceiversEnd() { w.t.Cleanup(func() { time.Sleep(time.Minute) }) }

func (m *mortal) receive(end *wiretest.End) {
	m.w.do(func() { m.open = append(m.open, end) })
	var memory []string
	for lines := bufio.NewScanner(end); lines.Scan(); {
		memory = append(memory, lines.Text())
	}
	time.Sleep(time.Millisecond) // so that the next connection stands
	switch ends, gone := m.use(memory); {
	case ends:
		m.end(end)
	case !gone:
		end.Close()
	}
}

// use says whether the process ends instead, or has ended.
func (m *mortal) use(memory []string) (ends, gone bool) {
	m.w.do(func() {
		if gone = m.gone; gone {
			return
		}
		if ends = !m.ended && len(memory) > 0; ends {
			m.ended, m.gone = true, true
			return
		}
		m.w.received = append(m.w.received, memory...)
	})
	return ends, gone
}

func (m *mortal) end(first *wiretest.End) {
	var others []*wiretest.End
	m.w.do(func() {
		for _, end := range m.open {
			if end != first {
				others = append(others, end)
			}
		}
	})
	m.close(first, others)
	time.Sleep(3 * time.Second)
	m.w.do(func() { m.gone = false })
}

// What a process has read and not used goes with it, however cleanly its
// connection ends.
func TestWhatAProcessTakesAlongIsSentAgain(t *testing.T) {
	for name, ending := range endings {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(g *WithT, w *world) {
				w.beMortal(ending)
				stop := w.start()
				pass(70 * time.Second)
				w.add(50)
				pass(2 * time.Minute)
				w.expectNothingLost(g)
				g.Expect(w.reported()).To(ContainElement(ContainSubstring("data-server-send-error")))
				g.Expect(w.reported()).To(HaveEach(Not(Equal("data-server-connection-error"))), "lines were in doubt")
				g.Expect(w.lastContact().Notifications).To(BeEmpty())
				g.Expect(stop()).To(Succeed())
			})
		})
	}
}

// While a backlog is sent, lines are on the next connection already.
func TestWhatAProcessTakesAlongUnderLoadIsSentAgain(t *testing.T) {
	for name, ending := range endings {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(g *WithT, w *world) {
				w.settings.ConfirmLines = 100
				w.beMortal(ending)
				w.add(1000)
				stop := w.start()
				pass(2 * time.Minute)
				w.expectNothingLost(g)
				_, again := w.tally()
				g.Expect(again).To(BeNumerically("<=", 100), "K")
				g.Expect(stop()).To(Succeed())
			})
		})
	}
}

// A machine that is shut down ends agent and receiver at once.
func TestWhatAProcessTakesAlongWhileTheAgentStopsIsSentByTheNextRun(t *testing.T) {
	for name, ending := range endings {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(g *WithT, w *world) {
				w.beMortal(ending)
				process, reads := w.receivers["192.0.2.1:514"], make(chan struct{})
				w.receivers["192.0.2.1:514"] = func(end *wiretest.End) {
					<-reads
					process(end)
				}
				w.add(10)
				stop := w.start()
				pass(10 * time.Second)
				close(reads)
				g.Expect(stop()).To(Succeed())
				pass(time.Minute)
				stop = w.start()
				pass(time.Minute)
				w.expectNothingLost(g)
				g.Expect(stop()).To(Succeed())
			})
		})
	}
}

func TestAnAgentThatWasJustAnsweredStopsOnceThatIsSure(t *testing.T) {
	inWorld(t, func(g *WithT, w *world) {
		reads := make(chan struct{})
		w.receivers["192.0.2.1:514"] = func(end *wiretest.End) {
			<-reads
			w.readAll(end)
		}
		w.add(10)
		stop := w.start()
		pass(10 * time.Second)
		began := time.Now()
		close(reads)
		g.Expect(stop()).To(Succeed())
		g.Expect(time.Since(began)).To(Equal(grace))
		w.expectNothingLost(g)
	})
}

// Receivers in which it is no sign that other connections end: K lines at most
// come again for nothing.
func TestAReceiverThatAlwaysEndsOtherConnectionsIsNotDoubtedForEver(t *testing.T) {
	for name, receiver := range map[string]func(w *world) func(end *wiretest.End){
		"it takes one at a time": oneAtATime,
		"it ends after each":     oneShot,
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(g *WithT, w *world) {
				w.settings.ConfirmLines = 100
				w.letReceiversEnd()
				w.receivers["192.0.2.1:514"] = receiver(w)
				w.add(1000)
				stop := w.start()
				pass(10 * time.Minute)
				lost, duplicates := w.tally()
				g.Expect(lost).To(BeZero(), w.logged.String())
				g.Expect(duplicates).To(Equal(mostDoubts*50), "batches")
				g.Expect(w.logged.String()).To(ContainSubstring("that is no sign any more"))
				g.Expect(stop()).To(Succeed())
			})
		})
	}
}

func oneAtATime(w *world) func(end *wiretest.End) {
	busy := false
	return func(end *wiretest.End) {
		defer end.Close()
		if w.asks(func() bool { was := busy; busy = true; return was }) {
			return
		}
		w.readOn(end)
		time.Sleep(time.Millisecond) // meanwhile the next one is opened
		w.do(func() { busy = false })
	}
}

// oneShot is a process for each connection that carries something.
func oneShot(w *world) func(end *wiretest.End) {
	var open []*wiretest.End
	gone := false
	w.refuses = func() bool { return gone }
	return func(end *wiretest.End) {
		w.do(func() { open = append(open, end) })
		lines := bufio.NewScanner(end)
		if !lines.Scan() {
			return
		}
		w.do(func() { w.received = append(w.received, lines.Text()) })
		for lines.Scan() {
			w.do(func() { w.received = append(w.received, lines.Text()) })
		}
		time.Sleep(time.Millisecond) // so that the next connection stands
		var all []*wiretest.End
		w.do(func() { gone, all, open = true, open, nil })
		closeAll(all)
		time.Sleep(100 * time.Millisecond)
		w.do(func() { gone = false })
	}
}

// One that ends later has used what it confirmed.
func TestAReceiverThatEndsAfterTheGraceIsBelieved(t *testing.T) {
	inWorld(t, func(g *WithT, w *world) {
		w.letReceiversEnd()
		var open []*wiretest.End
		w.receivers["192.0.2.1:514"] = func(end *wiretest.End) {
			w.do(func() { open = append(open, end) })
			w.readOn(end)
			end.Close()
			time.Sleep(grace)
			w.do(func() { closeAll(open) })
		}
		w.add(10)
		stop := w.start()
		pass(2 * time.Minute)
		w.expectNothingLost(g)
		g.Expect(stop()).To(Succeed())
	})
}
