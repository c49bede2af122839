package simulator

import (
	"fmt"
	"time"

	"siemdrill/fakecas"
)

func casCommand() command {
	return command{
		summary: "act as Cloud App Security: make records, misbehave, say what was asked of it",
		actions: map[string]action{
			"activities": {"N [-ago DURATION] [-over DURATION] [-late DURATION]",
				"Makes N activities at this instant, or DURATION ago, or evenly over DURATION until then; -late is how much later than they happened they are indexed.",
				parseRecords((*fakecas.Tenant).AddActivities)},
			"alerts": {"N [-ago DURATION] [-over DURATION] [-late DURATION]", "Makes N alerts, as activities does.",
				parseRecords((*fakecas.Tenant).AddAlerts)},
			"fault": {faultArgs, "Injects a fault. Faults: " + casFaultNames() + ".", parseCASFault},
			"heal":  {"[FAULT]", "Heals a fault, or all of them.", parseHeal(func(l *Lab) faulty { return l.CAS })},
			"pulled": {"[-last DURATION]", "Asserts that records were asked for, ever or within the last DURATION.",
				parsePulled},
		},
	}
}

func parseRecords(add func(*fakecas.Tenant, int, fakecas.Spread) []string) func(*words) (step, error) {
	return func(w *words) (step, error) {
		var ago, over, late durationFlag
		w.flags.Var(&ago, "ago", "")
		w.flags.Var(&over, "over", "")
		w.flags.Var(&late, "late", "")
		n, err := w.number("how many", 1)
		spread := fakecas.Spread{Ago: time.Duration(ago), Over: time.Duration(over), Late: time.Duration(late)}
		return step{do: func(l *Lab) error {
			add(l.CAS.Tenant(), n, spread)
			return nil
		}}, err
	}
}

func parsePulled(w *words) (step, error) {
	var last durationFlag
	w.flags.Var(&last, "last", "")
	err := w.scan()
	return step{assert: func(l *Lab) finding {
		var pulled *Event
		for _, e := range l.History.Events() {
			if isPull(e) {
				pulled = &e
			}
		}
		switch {
		case pulled == nil:
			return finding{false, "no records were ever asked for"}
		case last > 0 && l.Now().Sub(pulled.T) > time.Duration(last):
			return finding{false, fmt.Sprintf("records were last asked for %s ago, at %s", l.Now().Sub(pulled.T), pulled.T.Format(time.DateTime))}
		}
		return finding{true, fmt.Sprintf("records were asked for at %s: %s", pulled.T.Format(time.DateTime), pulled.Detail)}
	}}, err
}
