package simulator

import (
	"errors"
	"fmt"
)

func checkCommand() command {
	return command{
		summary: "judge what has happened so far",
		actions: map[string]action{"": {
			args: "CHECKER ... [-only activity|alert]",
			summary: "Asks the checkers, the harness's own assumptions first: every fault that was injected took hold, and was undone where it was healed. " +
				"Checkers: " + checkerNames() + ". They go by the ids of records, never by counts. -only says that records of one type alone are due.",
			parse: parseCheck,
		}},
	}
}

func parseCheck(w *words) (step, error) {
	only := w.flags.String("only", "", "")
	names, err := w.rest()
	if err == nil && *only != "" && *only != "activity" && *only != "alert" {
		err = fmt.Errorf("-only %q: expected activity or alert", *only)
	}
	if err != nil {
		return step{}, err
	}
	if len(names) == 0 {
		return step{}, errors.New("expected a checker: " + checkerNames())
	}
	for _, name := range names {
		if checkers()[name] == nil {
			return step{}, fmt.Errorf("unknown checker %q: expected one of: %s", name, checkerNames())
		}
	}
	return step{do: func(l *Lab) error { return l.CheckOnly(*only, names...) }}, nil
}
