package fakesyslog

import (
	"encoding/json"
	"fmt"
	"time"
)

// Fault describes one misbehaviour. It is a value: nothing happens before it
// is given to [Server.Inject].
type Fault struct {
	ID   string // "" lets Inject choose one
	Name string // one of FaultNames

	// Target is the client that is hit: "" or "all", an address
	// ("10.0.0.5"), an address and port, or a whole connection
	// ("10.0.0.5:40000>10.0.0.9:514").
	Target string

	// Where is the listener that is hit: "" or "all", a network ("tcp",
	// "udp", "tls") or its address and port.
	Where string

	First int // only the first N connections (datagrams, for a fault of UDP); 0 is no limit
	Every int // only every Nth connection (datagram); 0 and 1 are each

	// After lets so many messages pass on a connection first, counted from
	// the injection on a standing connection. The argument unit=bytes makes
	// it bytes; for a fault of listening it counts accepted connections.
	After int

	For  time.Duration // heals by itself after this time; 0 is until healed
	Seed uint64        // of its random choices; 0 takes the Server's
	Args map[string]string
}

// faultJSON is a Fault on the wire of the control API.
type faultJSON struct {
	ID     string            `json:"id,omitempty"`
	Name   string            `json:"name"`
	Target string            `json:"target,omitempty"`
	Where  string            `json:"where,omitempty"`
	First  int               `json:"first,omitempty"`
	Every  int               `json:"every,omitempty"`
	After  int               `json:"after,omitempty"`
	For    string            `json:"for,omitempty"`
	Seed   uint64            `json:"seed,omitempty"`
	Args   map[string]string `json:"args,omitempty"`
}

func (f Fault) json() faultJSON {
	j := faultJSON{f.ID, f.Name, f.Target, f.Where, f.First, f.Every, f.After, "", f.Seed, f.Args}
	if f.For != 0 {
		j.For = f.For.String()
	}
	return j
}

// MarshalJSON writes the fault with its duration as Go writes one ("1m30s").
func (f Fault) MarshalJSON() ([]byte, error) { return json.Marshal(f.json()) }

// UnmarshalJSON reads what MarshalJSON writes. Fields that it doesn't know
// are ignored.
func (f *Fault) UnmarshalJSON(b []byte) error {
	var j faultJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return fmt.Errorf("fault: %w", err)
	}
	*f = Fault{j.ID, j.Name, j.Target, j.Where, j.First, j.Every, j.After, 0, j.Seed, j.Args}
	if j.For == "" {
		return nil
	}
	d, err := time.ParseDuration(j.For)
	if err != nil {
		return fmt.Errorf("fault %s: for is %q, expected a duration such as 90s", j.Name, j.For)
	}
	f.For = d
	return nil
}
