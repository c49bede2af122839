package report

import (
	"strings"
	"time"

	"siemdrill/fakecas"
	"siemdrill/fakesyslog"
	"siemdrill/simulator"
)

// countLanes is what happens at an instant, and often.
func countLanes(w world, run simulator.Run) []lane {
	var contacts, pulls, made, arrived, again, broken []time.Time
	seen := map[string]bool{}
	for _, e := range run.Evidence.Events {
		switch {
		case e.Source == simulator.FromCAS && e.Kind == fakecas.KindContact:
			contacts = append(contacts, e.T)
		case e.Source == simulator.FromCAS && e.Kind == fakecas.KindRequest && isPull(e.Detail):
			pulls = append(pulls, e.T)
		case e.Source == simulator.FromCAS && e.Kind == fakecas.KindCreated:
			made = append(made, e.T)
		case e.Source != simulator.FromSyslog:
		case e.Kind == fakesyslog.KindLine && seen[e.Record]:
			again = append(again, e.T)
		case e.Kind == fakesyslog.KindLine:
			seen[e.Record] = true
			arrived = append(arrived, e.T)
		case notTaken(e.Kind):
			broken = append(broken, e.T)
		}
	}
	return []lane{
		{Name: "Contact", Help: "Each contact that the service took.", Times: steps(contacts, w.start), Unit: "contacts", Look: lookPlain},
		{Name: "Pulls", Help: "Each request for records.", Times: steps(pulls, w.start), Unit: "requests", Look: lookPlain},
		{Name: "Made", Help: "Records that came to be in the tenant.", Times: steps(made, w.start), Unit: "records", Look: lookPlain},
		{Name: "Arrived", Help: "Records whose line arrived whole, the first time.", Times: steps(arrived, w.start), Unit: "records", Look: lookGood},
		{Name: "Again", Help: "Lines of records that had arrived before.", Times: steps(again, w.start), Unit: "duplicates", Look: lookWarn},
		{Name: "Not taken", Help: "Lines that the receiver never read, cut short, rejected, or that went to an old address.", Times: steps(broken, w.start), Unit: "lines", Look: lookFault},
		{Name: "Lost", Help: "Records that were due and had not arrived at the end, at the time they were made.", Times: steps(lostTimes(w, run), w.start), Unit: "lost records", Look: lookBad},
	}
}

func isPull(request string) bool {
	return strings.Contains(request, "/api/v1/activities") || strings.Contains(request, "/api/v1/alerts")
}

func notTaken(kind string) bool {
	switch kind {
	case fakesyslog.KindUnread, fakesyslog.KindTruncated, fakesyslog.KindRejected, fakesyslog.KindSwallowed:
		return true
	}
	return false
}

// lostTimes is when each lost record was made; one of the backlog counts as
// made at the start.
func lostTimes(w world, run simulator.Run) []time.Time {
	var times []time.Time
	for _, r := range run.Evidence.Account().Lost {
		t := r.Created
		if t.Before(w.start) {
			t = w.start
		}
		times = append(times, t)
	}
	return times
}
