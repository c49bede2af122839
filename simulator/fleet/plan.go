package fleet

import (
	"math/rand/v2"
	"time"
)

// Kind is how an agent is out of contact.
type Kind string

// The kinds of outage.
const (
	Killed      Kind = "killed"       // its process is gone; it is started again
	CutOff      Kind = "cut off"      // the network between it and the service drops everything
	ServiceAway Kind = "service away" // the service's port is closed and its connections are reset
)

// kinds are the outages that a fleet can have. A service that is away is away
// for everybody, so one that is shared never is.
func kinds(shared bool) []Kind {
	if shared {
		return []Kind{Killed, CutOff}
	}
	return []Kind{Killed, CutOff, ServiceAway}
}

// Outage is one time in which an agent is out of contact.
type Outage struct {
	Kind     Kind
	From, To time.Time
}

// Plan is what one agent goes through.
type Plan struct {
	Start    time.Duration // after the beginning of the run
	Activity time.Duration // the first of its tenant, after the beginning
	Outages  []Outage
}

// The parts of a round: every agent is away once in each, for long enough to be
// shown as Disconnected, and there before and after it.
const (
	round         = 24 * time.Hour
	there         = 30 * time.Minute
	leastAway     = 12*time.Hour + 10*time.Minute
	mostAway      = 13 * time.Hour
	shortestRound = 15 * time.Hour
	startWithin   = time.Minute // agents start one after the other
)

// plan says what agent n of the fleet goes through in a run that begins at a
// time. It follows from the settings alone. The agents go away in turn, evenly
// over each round, each at a moment of its own.
func (s Settings) plan(n int, begin time.Time) Plan {
	random := rand.New(rand.NewPCG(s.Seed, uint64(n)))
	p := Plan{Start: upTo(random, startWithin), Activity: upTo(random, s.every())}
	rounds := max(1, int(s.For/round))
	length := s.For / time.Duration(rounds)
	kinds := kinds(s.Shared)
	for r := range rounds {
		away := leastAway + upTo(random, mostAway-leastAway)
		room := length - 2*there - away
		turn := (float64(n) + random.Float64()) / float64(s.Agents)
		from := begin.Add(time.Duration(r)*length + there + time.Duration(turn*float64(room)))
		p.Outages = append(p.Outages, Outage{kinds[(n+r)%len(kinds)], from, from.Add(away)})
	}
	return p
}

func upTo(random *rand.Rand, d time.Duration) time.Duration {
	return time.Duration(random.Int64N(int64(d)))
}
