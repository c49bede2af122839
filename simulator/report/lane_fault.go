package report

import (
	"fmt"
	"strings"
	"time"

	"siemdrill/fakecas"
	"siemdrill/simulator"
)

// faultLanes is what was broken on purpose, on either side and between.
func faultLanes(w world, run simulator.Run) []lane {
	return []lane{
		faultLane(w, run, simulator.FromCAS, "Faults: service"),
		networkLane(w, run),
		faultLane(w, run, simulator.FromSyslog, "Faults: receiver"),
	}
}

// faultLane is the faults of one fake, from when each was injected until it was
// healed. Both fakes use the same kinds.
func faultLane(w world, run simulator.Run, source simulator.Source, name string) lane {
	type standing struct {
		since  time.Time
		detail string
		hits   int
	}
	l := lane{Name: name, Help: "From when a fault was injected until it was healed."}
	faults := map[string]*standing{}
	end := func(id string, until time.Time) {
		if f := faults[id]; f != nil {
			label := firstWord(f.detail)
			l.Bands = append(l.Bands, w.band(f.since, until, lookFault, label, fmt.Sprintf("%s; hit %d times", f.detail, f.hits)))
			delete(faults, id)
		}
	}
	for _, e := range run.Evidence.Events {
		if e.Source != source {
			continue
		}
		id, detail := fault(e)
		switch e.Kind {
		case fakecas.KindFaultInjected:
			end(id, e.T)
			faults[id] = &standing{since: e.T, detail: detail}
		case fakecas.KindFaultHit:
			if f := faults[id]; f != nil {
				f.hits++
			}
		case fakecas.KindFaultHealed:
			end(id, e.T)
		}
	}
	for id := range faults {
		end(id, time.Time{})
	}
	return stack(l)
}

// fault is the id of the fault that e is about, and its description: one that
// is not in a field of its own is the first word of the description.
func fault(e simulator.Event) (id, detail string) {
	if e.Record != "" {
		return e.Record, e.Detail
	}
	id, detail, _ = strings.Cut(e.Detail, " ")
	return strings.TrimSuffix(id, ":"), detail
}
