package load

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"siemdrill/fakesyslog"
)

// Result is what a run, or several that were merged, measured.
type Result struct {
	V      int    `json:"v"` // of this format: 1
	Call   string `json:"call"`
	Agent  string `json:"agent"`
	Agents int    `json:"agents"`
	Shards int    `json:"shards"`           // of how many the run is one
	Joined []int  `json:"joined,omitempty"` // the shards that are in here
	Seed   uint64 `json:"seed"`
	CPUs   int    `json:"cpus"`
	Busy   string `json:"busy"` // the machine's load average before it

	Began    time.Time `json:"began"`    // when the load did
	Load     float64   `json:"load"`     // seconds in which activities were created
	Seconds  float64   `json:"seconds"`  // from the beginning of the load to the last first arrival
	Offered  float64   `json:"offered"`  // activities a second that were created
	Achieved float64   `json:"achieved"` // of these, a second of Seconds that arrived
	Late     float64   `json:"late"`     // seconds that the generator was late at its latest

	Whole   Arrivals            `json:"whole"`
	Windows map[string]Arrivals `json:"windows"` // by name; those that were open
	Ledger  fakesyslog.Report   `json:"ledger"`
	Samples []Sample            `json:"samples"`
	Faults  []Band              `json:"faults,omitempty"`

	Cost  *Cost  `json:"cost,omitempty"` // of the agent alone
	Speed *Speed `json:"speed,omitempty"`

	Bottleneck string   `json:"bottleneck"`
	Failures   []string `json:"failures,omitempty"` // why the run failed; none: it passed
}

// Cost is what the agents' own processes used.
type Cost struct {
	CPU  float64 `json:"cpu"`  // seconds for a million records
	Peak int64   `json:"peak"` // bytes resident at most, of the largest process; 0: not known
}

// Lost is how many records never arrived.
func (r Result) Lost() int {
	lost := 0
	for _, n := range r.Ledger.Lost {
		lost += n
	}
	return lost
}

// margin is how many times as fast as the forwarder generator and receiver must
// be together.
const margin = 3

// lagging says whether the backlog grew in the second half of the load by more
// than a tenth of what was created in it and by more than two seconds bring.
func (r *Result) lagging() bool {
	var half, end Sample
	for _, s := range r.Samples {
		switch {
		case s.At > r.Load:
		case s.At <= r.Load/2:
			half, end = s, s
		default:
			end = s
		}
	}
	growth := float64(end.Backlog() - half.Backlog())
	return growth > 0.1*float64(end.Created-half.Created) && growth > 2*r.Offered
}

// mostLate is how many seconds late the generator may be: what is more is in
// the ages, and not the forwarder's doing.
const mostLate = 1

// judge says what the bottleneck was, and fails a run that measured its own
// generator or receiver.
func (r *Result) judge(profile Profile) {
	lag := r.lagging()
	switch {
	case !profile.Max && r.Late > mostLate:
		r.Bottleneck = "generator"
		r.Failures = append(r.Failures, fmt.Sprintf("the generator was too slow: what it created was up to %.1f s late", r.Late))
	case profile.Max:
		r.Bottleneck = "agent"
	case lag:
		r.Bottleneck = "agent, or its throttle"
	default:
		r.Bottleneck = "none: it kept up"
	}
	if r.Speed == nil {
		r.Bottleneck += " (generator and receiver were not tried without it)"
		return
	}
	if r.Speed.Together >= margin*r.Achieved {
		return
	}
	side, alone := r.Speed.slower()
	r.Failures = append(r.Failures, fmt.Sprintf("the %s was too slow to judge the forwarder: generator and receiver together do %.0f records/s (the %s alone %.0f), less than %d times the %.0f that were forwarded; offer a rate of %.0f at most, or have more processors",
		side, r.Speed.Together, side, alone, margin, r.Achieved, r.Speed.Together/margin))
	if profile.Max || lag {
		r.Bottleneck = side + ", as far as can be told"
	}
}

// Read reads results, one JSON object after the other. The error names what was
// expected.
func Read(r io.Reader) ([]Result, error) {
	var all []Result
	decoder := json.NewDecoder(bufio.NewReader(r))
	for {
		var one Result
		err := decoder.Decode(&one)
		if errors.Is(err, io.EOF) && len(all) > 0 {
			return all, nil
		}
		if err == nil && one.V != 1 {
			err = fmt.Errorf("version %d", one.V)
		}
		if err != nil {
			return nil, fmt.Errorf("result %d: expected what simulator load -json writes: %w", len(all)+1, err)
		}
		all = append(all, one)
	}
}
