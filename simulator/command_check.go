package simulator

import (
	"errors"
	"fmt"
)

func checkCommand() command {
	return command{
		summary: "judge what has happened so far",
		actions: map[string]action{"": {
			args: "CHECKER ...",
			summary: "Asks the checkers, the harness's own assumptions first: every fault that was injected took hold, and was undone where it was healed. " +
				"Checkers: " + checkerNames() + ". They go by the ids of records, never by counts.",
			parse: parseCheck,
		}},
	}
}

func parseCheck(w *words) (step, error) {
	names, err := w.rest()
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
	return step{do: func(l *Lab) error { return l.Check(names...) }}, nil
}
