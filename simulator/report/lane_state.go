package report

import (
	"strings"
	"time"

	"siemdrill/simulator"
)

// stateLane is what the agents say of themselves. No checker looks at it.
func stateLane(w world, run simulator.Run) lane {
	const kindState = "state" // of an agent that has such events
	l := lane{Name: "Agent’s own word", Help: "The condition that the agent says it is in. It explains; no verdict goes by it."}
	since := map[string]simulator.Event{}
	end := func(agent string, until time.Time) {
		if e, is := since[agent]; is {
			state, why, _ := strings.Cut(e.Detail, ": ")
			l.Bands = append(l.Bands, w.band(e.T, until, stateLook(state), state, why))
			delete(since, agent)
		}
	}
	for _, e := range run.Evidence.Events {
		if e.Source == simulator.FromAgent && e.Kind == kindState {
			end("", e.T) // one that starts doesn't know its name yet
			end(e.Agent, e.T)
			since[e.Agent] = e
		}
	}
	for agent := range since {
		end(agent, time.Time{})
	}
	return stack(l)
}

func stateLook(state string) string {
	switch state {
	case "pulling":
		return lookGood
	case "held":
		return lookHeld
	}
	return lookIdle
}
