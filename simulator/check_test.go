package simulator

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/agent/console"
	"siemdrill/fakecas"
	"siemdrill/fakesyslog"
)

// at is a time of the histories below, in seconds.
func at(s float64) time.Time {
	return labStart.Add(time.Duration(s * float64(time.Second)))
}

func contact(s float64) Event {
	return Event{T: at(s), Source: FromCAS, Kind: fakecas.KindContact}
}

func line(s float64, id string) Event {
	return Event{T: at(s), Source: FromSyslog, Kind: fakesyslog.KindLine, Record: id}
}

func pull(s float64) Event {
	return Event{T: at(s), Source: FromCAS, Kind: fakecas.KindRequest, Detail: "POST /api/v1/activities/ 200"}
}

func raised(s float64, id console.NotificationID) []fakecas.Notification {
	return []fakecas.Notification{{ID: id, Since: at(s), Raised: at(s + 1)}}
}

func accepted(s float64) Event {
	return Event{T: at(s), Source: FromSyslog, Kind: fakesyslog.KindAccepted}
}

func faultEvent(s float64, kind string) Event {
	return Event{T: at(s), Source: FromSyslog, Kind: kind, Record: "f1", Detail: "refuse"}
}

func activity(s float64, id string) Entry {
	return Entry{ID: id, Type: "activity", Created: at(s)}
}

func alert(s float64, id string) Entry {
	return Entry{ID: id, Type: "alert", Created: at(s)}
}

// The hold of an agent, around an error at 10 s.
func TestCheckHeld(t *testing.T) {
	const send = console.DataServerSendError
	for _, c := range []struct {
		name   string
		raised []fakecas.Notification
		events []Event
		ok     bool
		detail string
	}{
		{"until the receiver was reached", raised(10, send), []Event{pull(1), pull(10.5), contact(60), accepted(100), pull(101)},
			true, "held 1 times, up to 1m30s: no pull, 1 contacts"},
		{"to the end", raised(10, send), []Event{contact(60)},
			true, "held 1 times, up to 16m30s: no pull, 1 contacts"},
		{"it pulled", raised(10, console.DataServerConnectionError), []Event{pull(40)},
			false, "it pulled at 09:00:40 (POST /api/v1/activities/ 200) although it was held since 09:00:10 (data-server-connection-error)"},
		{"no contact", raised(10, send), []Event{contact(5), accepted(90)},
			false, "it was held for up to 1m20s and made no contact in that time"},
		{"never", raised(10, fakecas.SIEMAgentError), []Event{contact(60)},
			false, "no data server notification was ever raised, so nothing was held"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := NewWithT(t)
			ok, detail := checkHeld(Evidence{Events: c.events, Notifications: c.raised, Now: at(1000)})
			g.Expect(detail).To(Equal(c.detail))
			g.Expect(ok).To(Equal(c.ok))
		})
	}
}

// Each checker, on a history that it must accept and on ones that it must not.
func TestCheckers(t *testing.T) {
	now := at(1000)
	for _, c := range []struct {
		name    string
		checker Checker
		ledger  []Entry
		events  []Event
		ok      bool
		detail  string
	}{
		{"no-loss: all arrived", checkNoLoss, []Entry{activity(1, "a"), alert(2, "b")},
			[]Event{contact(0), line(5, "a"), line(6, "b")}, true, "2 records due, all arrived; 0 too young to be judged"},
		{"no-loss: one is lost", checkNoLoss, []Entry{activity(1, "a"), activity(2, "b")},
			[]Event{contact(0), line(5, "a"), line(6, "a")}, false, "1 of 2 records due have not arrived: b"},
		{"no-loss: one is still under way", checkNoLoss, []Entry{activity(1, "a"), activity(990, "b")},
			[]Event{contact(0), line(5, "a")}, true, "1 records due, all arrived; 1 too young to be judged"},
		{"no-loss: at the age of a minute it is judged", checkNoLoss, []Entry{activity(1, "a"), activity(940, "b")},
			[]Event{contact(0), line(5, "a")}, false, "1 of 2 records due have not arrived: b"},
		{"no-loss: older than two days is not due", checkNoLoss, []Entry{activity(-48*3600-1, "old"), activity(-48*3600, "edge")},
			[]Event{contact(0), line(5, "edge")}, true, "1 records due, all arrived; 0 too young to be judged"},
		{"no-loss: what lies before the two days that are forwarded after an absence is not due", checkNoLoss,
			[]Entry{activity(-1e6+100, "hole"), activity(-48*3600+1, "due")},
			[]Event{contact(-1e6), contact(0), line(5, "due")}, true, "1 records due, all arrived; 0 too young to be judged"},
		{"no-loss: a line of no record", checkNoLoss, []Entry{activity(1, "a")},
			[]Event{contact(0), line(5, "a"), line(5, "z")}, false, "1 lines arrived that nobody expected: z"},
		{"no-loss: nothing was due", checkNoLoss, nil, []Event{contact(0)}, false, "no record was due, so none could be lost"},
		{"no-loss: no contact", checkNoLoss, []Entry{activity(1, "a")}, nil, false, "the agent never made contact, so nothing was due"},

		{"no-duplicates", checkNoDuplicates, nil, []Event{line(1, "a"), line(2, "b")}, true, "2 records arrived, each once"},
		{"no-duplicates: twice", checkNoDuplicates, nil, []Event{line(1, "a"), line(2, "b"), line(3, "a")}, false,
			"1 records arrived more than once: a"},
		{"no-duplicates: nothing", checkNoDuplicates, nil, nil, false, "no line arrived, so none could arrive twice"},

		{"in-order", checkInOrder, []Entry{activity(1, "a"), activity(1, "b"), activity(2, "c")},
			[]Event{line(5, "b"), line(5, "a"), line(6, "c"), line(7, "a")}, true, "3 records first arrived in order"},
		{"in-order: types are independent", checkInOrder, []Entry{alert(1, "x"), activity(2, "a")},
			[]Event{line(5, "a"), line(5, "x")}, true, "2 records first arrived in order"},
		{"in-order: not", checkInOrder, []Entry{activity(1, "a"), activity(2, "b")},
			[]Event{line(5, "b"), line(5, "a")}, false, "a of 2026-01-05T09:00:01Z arrived after b of 2026-01-05T09:00:02Z"},

		{"well-formed", checkWellFormed, nil, []Event{line(1, "a")}, true, "1 lines, all as documented"},
		{"well-formed: not", checkWellFormed, nil,
			[]Event{line(1, "a"), {T: at(2), Source: FromSyslog, Kind: fakesyslog.KindRejected, Connection: "c", Detail: "offset=7: no CEF"}},
			false, "on c: offset=7: no CEF"},

		{"assumptions: took hold, undone", checkAssumptions, nil,
			[]Event{faultEvent(1, kindFaultInjected), faultEvent(2, kindFaultHit), faultEvent(3, kindFaultHealed)},
			true, "1 faults took hold, 1 were undone"},
		{"assumptions: hit nothing", checkAssumptions, nil,
			[]Event{faultEvent(1, kindFaultInjected), faultEvent(3, kindFaultHealed)},
			false, `the syslog fault "refuse" was injected at 09:00:01 and hit nothing`},
		{"assumptions: hit after it was healed", checkAssumptions, nil,
			[]Event{faultEvent(1, kindFaultInjected), faultEvent(2, kindFaultHit), faultEvent(3, kindFaultHealed), faultEvent(4, kindFaultHit)},
			false, `the syslog fault "refuse" was healed and still hit: refuse`},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := NewWithT(t)
			ok, detail := c.checker(Evidence{Events: c.events, Ledger: c.ledger, Now: now})
			g.Expect(detail).To(Equal(c.detail))
			g.Expect(ok).To(Equal(c.ok))
		})
	}
}
