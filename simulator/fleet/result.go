package fleet

// Result is what came of a run.
type Result struct {
	V        int     `json:"v"` // of this format: 1
	Agents   int     `json:"agents"`
	Shared   bool    `json:"shared"`
	Throttle bool    `json:"throttle"`
	Seed     uint64  `json:"seed"`
	CPUs     int     `json:"cpus"`
	Virtual  float64 `json:"virtual_s"`

	Requests  int `json:"requests"`  // that the services answered
	Throttled int `json:"throttled"` // of these, sent away by the throttle
	Contacts  int `json:"contacts"`  // of these
	Changes   int `json:"changes"`   // of a status that a portal told of
	Looks     int `json:"looks"`     // at what a portal shows
	Records   int `json:"records"`   // to be delivered, over all agents
	Again     int `json:"again"`     // arrivals of records that had arrived before
	Missing   int `json:"missing"`   // records that did not arrive

	Wall float64 `json:"wall_s"`
	CPU  float64 `json:"cpu_s"`
	Heap int64   `json:"heap"` // bytes that the collector found in use, at most
	RSS  int64   `json:"rss"`  // bytes resident at most; 0: not known here

	Wrong    int      `json:"wrong"`              // agents of which something was wrong
	Failures []string `json:"failures,omitempty"` // what; none: the run passed
}

// mostFailures is how many are told.
const mostFailures = 20

func (r *Result) fail(what ...string) {
	r.Failures = append(r.Failures, what[:min(len(what), mostFailures-len(r.Failures))]...)
}
