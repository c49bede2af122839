package simulator

import "fmt"

func syslogCommand() command {
	return command{
		summary: "act as the syslog server: misbehave, say what arrived",
		actions: map[string]action{
			"fault":      {faultArgs, "Injects a fault. Faults: " + syslogFaultNames() + ".", parseSyslogFault},
			"heal":       {"[FAULT]", "Heals a fault, or all of them.", parseHeal(func(l *Lab) faulty { return l.Syslog })},
			"lines":      {"N", "Asserts that lines of exactly N different records have arrived so far.", parseLines},
			"duplicates": {"-at-most N", "Asserts that at most N lines have arrived again so far.", parseDuplicates},
		},
	}
}

func parseLines(w *words) (step, error) {
	n, err := w.number("how many records", 0)
	return step{assert: func(l *Lab) finding {
		got := len(arrivals(l.History.Events()))
		return finding{got == n, fmt.Sprintf("lines of %d records have arrived", got)}
	}}, err
}

func parseDuplicates(w *words) (step, error) {
	most := w.flags.Int("at-most", -1, "")
	err := w.scan()
	if err == nil && *most < 0 {
		err = fmt.Errorf("expected -at-most and a number")
	}
	return step{assert: func(l *Lab) finding {
		got := len(duplicates(l.History.Events()))
		return finding{got <= *most, fmt.Sprintf("%d lines have arrived again", got)}
	}}, err
}
