package agent

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/agent/internal/wiretest"
)

// readOn is a receiver that reads everything, and never closes.
func (w *world) readOn(end *wiretest.End) {
	lines := bufio.NewScanner(end)
	for lines.Scan() {
		w.do(func() { w.received = append(w.received, lines.Text()) })
	}
}

// readAndReset is one that reads everything, and resets for an answer.
func (w *world) readAndReset(end *wiretest.End) {
	w.readOn(end)
	end.Reset()
}

// ways is what the agent said of how it confirms.
func (w *world) ways() []string {
	var said []string
	w.do(func() {
		for _, e := range w.events {
			if e.Kind == KindWay {
				way, _, _ := strings.Cut(e.Detail, ":")
				said = append(said, way)
			}
		}
	})
	return said
}

// condition is the one that the agent has told of last.
func (w *world) condition() Condition {
	var last string
	w.do(func() {
		for _, e := range w.events {
			if e.Kind == KindState {
				last, _, _ = strings.Cut(e.Detail, ":")
			}
		}
	})
	return Condition(last)
}

func TestAReceiverWhoseAnswerProvesNothingIsGivenAWindow(t *testing.T) {
	for name, c := range map[string]struct {
		receiver   func(w *world) func(*wiretest.End)
		after      time.Duration
		duplicates int
		reported   []string
	}{
		"it never closes":     {func(w *world) func(*wiretest.End) { return w.readOn }, 50 * time.Minute, 10, []string{"", "data-server-send-error"}},
		"it resets each time": {func(w *world) func(*wiretest.End) { return w.readAndReset }, 2 * time.Minute, 30, []string{"", "data-server-send-error", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(g *WithT, w *world) {
				w.receivers["192.0.2.1:514"] = c.receiver(w)
				w.add(10)
				stop := w.start()
				pass(c.after)
				g.Expect(w.ways()).To(Equal([]string{"window"}))
				for range 10 {
					w.add(10)
					pass(time.Minute)
				}
				lost, duplicates := w.tally()
				g.Expect(lost).To(BeZero())
				g.Expect(duplicates).To(Equal(c.duplicates), "those of the tries")
				g.Expect(w.reported()).To(Equal(c.reported), "nothing has shown yet that one that never closes reads")

				w.do(func() { w.receivers["192.0.2.1:514"] = w.readAll })
				pass(time.Hour)
				g.Expect(w.ways()).To(Equal([]string{"window", "close"}))
				g.Expect(w.reported()[len(w.reported())-1]).To(BeEmpty())
				g.Expect(stop()).To(Succeed())
			})
		})
	}
}

// Once or twice proves nothing: a receiver that is stuck, or killed, does so.
func TestAReceiverIsNotGivenAWindowForNothing(t *testing.T) {
	for name, c := range map[string]struct {
		confirm Confirm
		answers time.Duration // 0: never
	}{
		"it answers after two time-outs": {ConfirmAuto, 40 * time.Minute},
		"that was not wanted":            {ConfirmClose, 0},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(g *WithT, w *world) {
				w.settings.Confirm = c.confirm
				w.receivers["192.0.2.1:514"] = func(end *wiretest.End) {
					w.readOn(end)
					if c.answers > 0 {
						time.Sleep(c.answers)
						end.Close()
					}
				}
				w.add(10)
				stop := w.start()
				pass(3 * time.Hour)
				g.Expect(w.ways()).To(BeEmpty())
				lost, _ := w.tally()
				g.Expect(lost).To(BeZero())
				g.Expect(stop()).To(Succeed())
				pass(c.answers)
			})
		})
	}
}

// silentConn does not tell what is acknowledged.
type silentConn struct{ net.Conn }

func (c silentConn) CloseWrite() error { return c.Conn.(*wiretest.End).CloseWrite() }

func TestWhereTheSystemDoesNotTellTheWindowIsUsedAtOnce(t *testing.T) {
	inWorld(t, func(g *WithT, w *world) {
		w.silent = true
		w.add(10)
		stop := w.start()
		pass(3 * time.Hour)
		g.Expect(w.ways()).To(Equal([]string{"window"}), "and closing is not tried again")
		lost, duplicates := w.tally()
		g.Expect(lost + duplicates).To(BeZero())
		g.Expect(stop()).To(Succeed())
	})
}

// The window confirms what so many bytes have followed; the rest comes again.
func TestWhatTheWindowHasNotPassedComesAgainAfterABreak(t *testing.T) {
	inWorld(t, func(g *WithT, w *world) {
		const size, line = 16_000, 400 // a line has a little less
		w.settings.Confirm, w.settings.WindowBytes = ConfirmWindow, size
		var last *wiretest.End
		w.receivers["192.0.2.1:514"] = func(end *wiretest.End) {
			w.do(func() { last = end })
			w.readAll(end)
		}
		stop := w.start()
		for range 20 {
			w.add(25)
			pass(time.Minute)
		}
		lost, duplicates := w.tally()
		g.Expect(lost + duplicates).To(BeZero())
		g.Expect(w.ways()).To(Equal([]string{"window"}), "as the setting says")
		last.Reset()
		pass(2 * time.Minute)
		lost, duplicates = w.tally()
		g.Expect(lost).To(BeZero())
		g.Expect(duplicates).To(BeNumerically(">=", size/line), "the window")
		g.Expect(duplicates).To(BeNumerically("<=", 4*size/line), "and not all of the 500")
		g.Expect(w.reported()).To(Equal([]string{"", "data-server-send-error", ""}))
		g.Expect(stop()).To(Succeed())

		w.add(1)
		w.start()
		pass(2 * time.Minute)
		lost, again := w.tally()
		g.Expect(lost).To(BeZero())
		g.Expect(again).To(Equal(duplicates), "stopping has confirmed by closing")
	})
}

// What it was given is read in the instant in which it reads again, so nothing
// is moving any more when the watch looks next.
func TestWithTheWindowAReceiverThatReadsAgainEndsHeld(t *testing.T) {
	inWorld(t, func(g *WithT, w *world) {
		w.settings.Confirm = ConfirmWindow
		w.receivers["192.0.2.1:514"] = func(end *wiretest.End) {
			time.Sleep(90*time.Second + 500*time.Millisecond)
			w.readAll(end)
		}
		w.add(500) // more than its buffer holds
		stop := w.start()
		pass(80 * time.Second)
		g.Expect(w.condition()).To(Equal(Held))
		pass(12 * time.Second)
		g.Expect(w.condition()).To(Equal(Pulling))
		w.add(10)
		pass(time.Minute)
		lost, duplicates := w.tally()
		g.Expect(lost + duplicates).To(BeZero())
		g.Expect(stop()).To(Succeed())
		pass(2 * time.Minute) // stopping has opened one more connection
	})
}

func TestANewConfigurationTriesClosingAgain(t *testing.T) {
	inWorld(t, func(g *WithT, w *world) {
		w.receivers["192.0.2.1:514"] = w.readAndReset
		w.add(10)
		stop := w.start()
		pass(2 * time.Minute)
		g.Expect(w.ways()).To(Equal([]string{"window"}))
		w.do(func() {
			w.receivers["192.0.2.1:514"] = w.readAll
			w.configuration.Version = "v2"
		})
		pass(2 * time.Minute)
		confirmed := 0
		for _, e := range w.events {
			if e.Kind == KindConfirmed {
				confirmed++
			}
		}
		g.Expect(confirmed).To(Equal(1))
		g.Expect(w.ways()).To(Equal([]string{"window", "close"}), "and it is said")
		g.Expect(stop()).To(Succeed())
	})
}

func TestAReceiverThatRefusesASecondConnectionIsNamedOnce(t *testing.T) {
	inWorld(t, func(g *WithT, w *world) {
		busy := false
		w.receivers["192.0.2.1:514"] = func(end *wiretest.End) {
			w.do(func() { busy = true })
			w.readOn(end)
			time.Sleep(10 * time.Millisecond)
			w.do(func() { busy = false })
			end.Close()
		}
		w.refuses = func() bool { return busy }
		w.add(5000)
		stop := w.start()
		pass(10 * time.Minute)
		lost, _ := w.tally()
		g.Expect(lost).To(BeZero())
		g.Expect(strings.Count(w.logged.String(), "refuses a second connection")).To(Equal(1))
		g.Expect(w.logged.String()).To(ContainSubstring("receiver=syslog.example:514"))
		g.Expect(w.reported()).To(Equal([]string{""}))
		g.Expect(stop()).To(Succeed())
		pass(time.Second)
	})
}

// One that goes dark while it confirms refuses every connection.
func TestAReceiverThatIsGoneIsNotTakenForOneThatRefusesASecondConnection(t *testing.T) {
	inWorld(t, func(g *WithT, w *world) {
		gone := false
		w.receivers["192.0.2.1:514"] = func(end *wiretest.End) {
			end.Read(make([]byte, 100))
			w.do(func() { gone = true })
			end.WaitEOF()
			time.Sleep(time.Second)
			end.Reset()
		}
		w.refuses = func() bool { return gone }
		w.add(10)
		stop := w.start()
		pass(10 * time.Minute)
		g.Expect(w.logged.String()).To(ContainSubstring("connection refused"))
		g.Expect(w.logged.String()).NotTo(ContainSubstring("refuses a second connection"))
		g.Expect(stop()).To(Succeed())
	})
}

// farConn takes its time for each write and for the answer to closing.
type farConn struct {
	*wiretest.End
	d time.Duration
}

func (c *farConn) Write(b []byte) (int, error) {
	time.Sleep(c.d / 10)
	return c.End.Write(b)
}

func (c *farConn) CloseWrite() error {
	time.Sleep(c.d)
	return c.End.CloseWrite()
}

func TestKGrowsWhenConfirmingCostsTooMuch(t *testing.T) {
	inWorld(t, func(g *WithT, w *world) {
		w.settings.ConfirmLines = 50
		w.far = 5 * time.Millisecond
		w.add(20_000)
		stop := w.start()
		pass(time.Minute)
		lost, duplicates := w.tally()
		g.Expect(lost + duplicates).To(BeZero())
		var k []int
		for _, e := range w.events {
			if e.Kind == KindPace {
				var n int
				fmt.Sscanf(e.Detail, "%d lines", &n)
				k = append(k, n)
			}
		}
		g.Expect(k).NotTo(BeEmpty())
		g.Expect(k[0]).To(Equal(100))
		g.Expect(w.logged.String()).To(MatchRegexp(`a fault makes at most so many lines arrive again.* lines=\d+`))
		g.Expect(stop()).To(Succeed())
	})
}
