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
				parseRecords(fakecas.Activity)},
			"alerts": {"N [-ago DURATION] [-over DURATION] [-late DURATION]", "Makes N alerts, as activities does.",
				parseRecords(fakecas.Alert)},
			"records":       {"FILE [-recent]", "Adds records that a customer brought: a JSON object with activities and alerts, as the API lists them. -recent moves their times so that the newest is of now.", parseImport},
			"remove-admin":  {"", "Removes the administrator who made the tokens: they stop working.", parseAdmin(service.removeAdmin)},
			"restore-admin": {"", "Takes that back, which the real service can't do.", parseAdmin(service.restoreAdmin)},
			"throttled": {"[-last DURATION]", "Asserts that a request was refused because there were too many.",
				parseHappened("a request was throttled", isThrottled)},
			"fault": {faultArgs, "Injects a fault. Faults: " + casFaultNames() + ".", parseCASFault},
			"heal":  {"[FAULT]", "Heals a fault, or all of them.", parseHeal(func(l *Lab) faulty { return l.service })},
			"contacted": {"[-last DURATION]", "Asserts that the agent made contact, ever or within the last DURATION.",
				parseHappened("contact was made", isContact)},
			"pulled": {"[-last DURATION]", "Asserts that records were asked for, ever or within the last DURATION.",
				parseHappened("records were asked for", isPull)},
		},
	}
}

func parseRecords(t fakecas.Type) func(*words) (step, error) {
	return func(w *words) (step, error) {
		var ago, over, late durationFlag
		w.flags.Var(&ago, "ago", "")
		w.flags.Var(&over, "over", "")
		w.flags.Var(&late, "late", "")
		n, err := w.number("how many", 1)
		spread := fakecas.Spread{Ago: time.Duration(ago), Over: time.Duration(over), Late: time.Duration(late)}
		return step{do: func(l *Lab) error { return l.service.addRecords(t, n, spread) }}, err
	}
}

func parseImport(w *words) (step, error) {
	recent := w.flags.Bool("recent", false, "")
	file, err := w.next("a file with records")
	return step{needs: file, do: func(l *Lab) error {
		return l.service.importRecords(l.files[file], *recent)
	}}, err
}

func parseAdmin(do func(service) error) func(*words) (step, error) {
	return func(*words) (step, error) {
		return step{do: func(l *Lab) error { return do(l.service) }}, nil
	}
}

func isThrottled(e Event) bool { return e.Source == FromCAS && e.Kind == fakecas.KindThrottled }

// parseHappened reads an assertion that something happened; what says what.
func parseHappened(what string, is func(Event) bool) func(*words) (step, error) {
	return func(w *words) (step, error) {
		var within durationFlag
		w.flags.Var(&within, "last", "")
		err := w.scan()
		return step{assert: func(l *Lab) finding {
			last, ever := lastOf(l.History.Events(), is)
			if !ever {
				return finding{false, what + " never"}
			}
			ago := l.Now().Sub(last.T)
			return finding{within == 0 || ago <= time.Duration(within),
				fmt.Sprintf("%s %s ago, at %s: %s", what, ago, last.T.Format(time.DateTime), last.Detail)}
		}}, err
	}
}

func lastOf(events []Event, is func(Event) bool) (Event, bool) {
	for i := len(events) - 1; i >= 0; i-- {
		if is(events[i]) {
			return events[i], true
		}
	}
	return Event{}, false
}
