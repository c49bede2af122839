package fleet

import (
	"fmt"
	"time"
)

// Settings is what a run is. Agents and For are needed.
type Settings struct {
	Agents int
	For    time.Duration // how long activities are created and agents fail; 15 h at least
	Every  time.Duration // between two activities of a tenant; 0: 10 min
	Shared bool          // the agents have one tenant, and its throttle, together
	Free   bool          // no throttle, on either side; else as documented
	Seed   uint64
}

const (
	defaultEvery = 10 * time.Minute
	mostAgents   = 10_000
)

// Validate says which setting has a value that it can't have.
func (s Settings) Validate() error {
	switch {
	case s.Agents < 1 || s.Agents > mostAgents:
		return fmt.Errorf("agents: %d: expected 1 to %d", s.Agents, mostAgents)
	case s.For < shortestRound:
		return fmt.Errorf("for: %s: expected %s or more, so that every agent can be away for more than 12 hours and come back", s.For, shortestRound)
	case s.Every < 0:
		return fmt.Errorf("every: %s: expected no time less than nothing", s.Every)
	}
	return nil
}

func (s Settings) every() time.Duration {
	if s.Every == 0 {
		return defaultEvery
	}
	return s.Every
}

// requests is the throttle as both sides take it.
func (s Settings) requests() int {
	if s.Free {
		return -1
	}
	return 0 // the documented one
}
