package fleet

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/fakecas"
)

var nine = time.Date(2026, time.January, 5, 9, 0, 0, 0, time.UTC)

// watched is a timetable of an agent that is away from 10:00 to 22:30 and makes
// contact each minute else, until 23:00, and of a portal that does what it
// should.
func watched() *timetable {
	away := Outage{Killed, nine.Add(time.Hour), nine.Add(13*time.Hour + 30*time.Minute)}
	t := &timetable{outages: []Outage{away}}
	t.tell(Change{fakecas.Connected, nine})
	last := away.From.Add(-time.Second)
	for at := nine; !at.After(last); at = at.Add(time.Minute) {
		t.contact(at)
	}
	return t
}

// back is the rest of the day: the statuses that were told, and contact again.
func (t *timetable) back(told ...Change) *timetable {
	for _, c := range told {
		t.tell(c)
	}
	for at := t.outages[0].To; !at.After(nine.Add(14 * time.Hour)); at = at.Add(time.Minute) {
		t.contact(at)
	}
	return t
}

// last is the last contact before the outage.
var last = nine.Add(59 * time.Minute)

var right = []Change{
	{fakecas.ConnectionError, last.Add(2*time.Hour + 1)},
	{fakecas.Disconnected, last.Add(12*time.Hour + 1)},
	{fakecas.Connected, nine.Add(13*time.Hour + 30*time.Minute)},
}

func TestTimetable(t *testing.T) {
	end := nine.Add(14 * time.Hour)
	late := func(n int, by time.Duration) []Change {
		told := append([]Change(nil), right...)
		told[n].At = told[n].At.Add(by)
		return told
	}
	for name, c := range map[string]struct {
		told   []Change
		expect string // empty: nothing was wrong
	}{
		"as it should be":              {right, ""},
		"almost a second late":         {late(1, time.Second-2), ""},
		"a second late":                {late(0, time.Second), "Connection error at 2026-01-05 11:59:01.000"},
		"two seconds early":            {late(1, -2*time.Second), "the statuses told were"},
		"never Disconnected":           {[]Change{right[0], right[2]}, "the statuses told were"},
		"told twice":                   {append([]Change{right[0]}, right...), "the statuses told were"},
		"nothing told":                 {nil, "the statuses told were"},
		"another status in that place": {[]Change{right[0], {fakecas.ConnectionError, right[1].At}, right[2]}, "the statuses told were"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			wrong := watched().back(c.told...).finish(end)
			if c.expect == "" {
				g.Expect(wrong).To(BeEmpty())
				return
			}
			g.Expect(wrong).To(ConsistOf(ContainSubstring(c.expect)))
		})
	}
}

// More than two hours is strict: at the very instant the old status holds.
func TestLooks(t *testing.T) {
	for after, expected := range map[time.Duration]fakecas.Status{
		0:                              fakecas.Connected,
		2 * time.Hour:                  fakecas.Connected,
		2*time.Hour + time.Nanosecond:  fakecas.ConnectionError,
		12 * time.Hour:                 fakecas.ConnectionError,
		12*time.Hour + time.Nanosecond: fakecas.Disconnected,
	} {
		for shown := fakecas.Created; shown <= fakecas.Disconnected; shown++ {
			g := NewWithT(t)
			table := watched()
			table.look(shown, last.Add(after))
			g.Expect(table.looks).To(Equal(1))
			if shown == expected {
				g.Expect(table.wrong).To(BeEmpty())
				continue
			}
			g.Expect(table.wrong).To(ConsistOf(ContainSubstring("the portal showed %s, expected %s", shown, expected)))
		}
	}
}

func TestContacts(t *testing.T) {
	away := watched().outages[0]
	for name, c := range map[string]struct {
		at     time.Time
		expect string
	}{
		"under way as it went":    {away.From.Add(time.Second), ""},
		"while it was away":       {away.From.Add(2 * time.Second), "while it was killed"},
		"just before it was back": {away.To.Add(-1), "while it was killed"},
		"at once":                 {away.To, ""},
		"within the next minute":  {away.To.Add(61 * time.Second), ""},
		"later than that":         {away.To.Add(61*time.Second + 1), "no contact from"},
	} {
		t.Run(name, func(t *testing.T) {
			table := watched()
			table.contact(c.at)
			if c.expect == "" {
				NewWithT(t).Expect(table.wrong).To(BeEmpty())
				return
			}
			NewWithT(t).Expect(table.wrong).To(ConsistOf(ContainSubstring(c.expect)))
		})
	}
	g := NewWithT(t)
	table := &timetable{}
	table.contact(nine)
	table.contact(nine.Add(61*time.Second + 1))
	g.Expect(table.wrong).To(ConsistOf(ContainSubstring("no contact from")), "an agent that is not away makes contact each minute")
	g.Expect(new(timetable).finish(nine)).To(ConsistOf("it never made contact"))
}
