package fakecas

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// Fault describes a misbehaviour of the service; [Server.Inject] makes it so.
// Its JSON form is that of the control API.
type Fault struct {
	ID     string            // chosen by Inject when empty
	Name   string            // one of FaultNames
	Target string            // the agent, by id or name, whose requests it hits; empty: everyone's
	Where  string            // a path prefix, or activities, alerts, agents, console; empty: everywhere
	First  int               // ends after so many hits, which stay hit; 0: no limit
	Every  int               // hits every n-th only; 0: each
	After  int               // lets so many pass first
	For    time.Duration     // heals itself after this time; 0: until healed
	Seed   uint64            // of its random choices
	Args   map[string]string // its own attributes
}

// faultJSON is Fault as the control API writes it.
type faultJSON struct {
	ID     string            `json:"id,omitempty"`
	Name   string            `json:"name,omitempty"`
	Target string            `json:"target,omitempty"`
	Where  string            `json:"where,omitempty"`
	First  int               `json:"first,omitempty"`
	Every  int               `json:"every,omitempty"`
	After  int               `json:"after,omitempty"`
	For    string            `json:"for,omitempty"`
	Seed   uint64            `json:"seed,omitempty"`
	Args   map[string]string `json:"args,omitempty"`
}

// MarshalJSON writes For as a Go duration text.
func (f Fault) MarshalJSON() ([]byte, error) {
	j := faultJSON{f.ID, f.Name, f.Target, f.Where, f.First, f.Every, f.After, "", f.Seed, f.Args}
	if f.For != 0 {
		j.For = f.For.String()
	}
	return json.Marshal(j)
}

// UnmarshalJSON refuses a key that it doesn't know.
func (f *Fault) UnmarshalJSON(b []byte) error {
	var j faultJSON
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&j); err != nil {
		return err
	}
	*f = Fault{j.ID, j.Name, j.Target, j.Where, j.First, j.Every, j.After, 0, j.Seed, j.Args}
	if j.For == "" {
		return nil
	}
	d2, err := time.ParseDuration(j.For)
	if err != nil {
		return fmt.Errorf("for: %q: expected a duration such as 90s or 2h", j.For)
	}
	f.For = d2
	return nil
}
