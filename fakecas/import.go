package fakecas

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// Import adds records that a customer brought: a JSON object with activities
// and alerts, each a list of records as the API lists them. With recent, all
// their times are moved by the same amount, so that the newest was created
// now; otherwise an activity stays what it was but for blanks between its
// members, and an alert but for their order. It returns how many
// it added; the error names the record and what was expected, and then none
// was added.
func (t *Tenant) Import(raw []byte, recent bool) (n int, err error) {
	var file struct {
		Activities []json.RawMessage `json:"activities"`
		Alerts     []json.RawMessage `json:"alerts"`
	}
	if err := decodeStrictly(raw, &file); err != nil {
		return 0, fmt.Errorf("records: %w; expected {\"activities\":[…],\"alerts\":[…]}", err)
	}
	var all []*given
	for _, list := range []struct {
		kind    Type
		records []json.RawMessage
	}{{Activity, file.Activities}, {Alert, file.Alerts}} {
		for i, r := range list.records {
			g, err := readGiven(list.kind, r)
			if err != nil {
				return 0, fmt.Errorf("records: %s %d: %w", list.kind, i+1, err)
			}
			all = append(all, g)
		}
	}
	return len(all), t.addGiven(all, recent)
}

// given is a record of an import.
type given struct {
	kind               Type
	body               *body
	created, timestamp int64
	state              alertState
}

func (t *Tenant) addGiven(all []*given, recent bool) error {
	defer t.feed.deliver()
	t.mu.Lock()
	defer t.mu.Unlock()
	ids := map[string]bool{}
	newest := int64(0)
	for _, g := range all {
		if _, known := t.table(g.kind).find(g.body.id); known || ids[g.body.id] {
			return fmt.Errorf("records: %s %.60q: there is one with this _id already", g.kind, g.body.id)
		}
		ids[g.body.id] = true
		newest = max(newest, g.created)
	}
	now := t.clock.Now()
	for _, g := range all {
		if recent {
			g.shift(now.UnixMilli() - newest)
		}
		table := t.table(g.kind)
		place := table.keep(g.body, g.created, g.timestamp) - 1
		if g.state != (alertState{}) {
			table.setState([]uint32{place}, func(s *alertState) { *s = g.state })
		}
		t.noteCreated(table, place, now)
	}
	return nil
}

// readGiven reads one record of an import.
func readGiven(kind Type, raw json.RawMessage) (*given, error) {
	var times struct {
		ID        string `json:"_id"`
		Timestamp int64  `json:"timestamp"`
		Created   int64  `json:"created"`
	}
	if err := json.Unmarshal(raw, &times); err != nil {
		return nil, fmt.Errorf("expected an object with _id and timestamp: %w", err)
	}
	switch {
	case times.ID == "":
		return nil, fmt.Errorf("_id: expected a text that is not empty")
	case times.Timestamp <= 0:
		return nil, fmt.Errorf("timestamp: expected ms since the epoch")
	}
	or(&times.Created, times.Timestamp)
	var compact bytes.Buffer
	if err := json.Compact(&compact, raw); err != nil {
		return nil, err
	}
	g := &given{kind: kind, created: times.Created, timestamp: times.Timestamp}
	g.body = &body{id: times.ID, json: compact.Bytes()}
	if kind == Activity {
		g.body.facts = activityFacts(raw)
		return g, nil
	}
	g.body.facts = alertFacts(raw)
	return g, g.takeState()
}

// takeState moves what people did with an alert out of its JSON.
func (g *given) takeState() error {
	var s struct {
		Status     int        `json:"statusValue"`
		Resolution int        `json:"resolutionStatusValue"`
		Comment    string     `json:"comment"`
		By         string     `json:"handledByUser"`
		Resolved   *time.Time `json:"resolveTime"`
	}
	if err := json.Unmarshal(g.body.json, &s); err != nil {
		return err
	}
	g.state = alertState{read: s.Status > 0, resolution: s.Resolution, comment: s.Comment, by: s.By}
	if s.Resolved != nil && s.Resolution != 0 {
		g.state.resolvedAt = s.Resolved.UnixMilli()
	}
	return g.rewrite(func(members map[string]json.RawMessage) {
		for _, name := range []string{"statusValue", "resolutionStatusValue", "comment", "handledByUser", "resolveTime"} {
			delete(members, name)
		}
	})
}

// shift moves the record's times.
func (g *given) shift(ms int64) {
	_ = g.rewrite(func(members map[string]json.RawMessage) {
		for _, name := range []string{"timestamp", "timestampRaw", "created", "createdRaw", "instantiation", "instantiationRaw"} {
			var v int64
			if json.Unmarshal(members[name], &v) == nil && v > 0 {
				members[name] = json.RawMessage(fmt.Sprint(v + ms))
			}
		}
	})
	g.created += ms
	g.timestamp += ms
}

// rewrite changes the members of the record's JSON.
func (g *given) rewrite(change func(map[string]json.RawMessage)) error {
	members := map[string]json.RawMessage{}
	if err := json.Unmarshal(g.body.json, &members); err != nil {
		return err
	}
	change(members)
	var err error
	g.body.json, err = json.Marshal(members)
	return err
}
