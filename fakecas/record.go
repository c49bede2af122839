package fakecas

import (
	"encoding/json"
	"iter"
	"time"
)

// Type is a type of record.
type Type string

// The two types of record that agents forward.
const (
	Activity Type = "activity"
	Alert    Type = "alert"
)

// Spread says at which times records are created: evenly in
// [now-Ago-Over, now-Ago], oldest first. The zero Spread creates all at this
// very instant, ties on purpose. Late is how much earlier than its creation
// (the moment it was indexed) each record happened.
type Spread struct {
	Ago, Over time.Duration
	Late      time.Duration
}

// LedgerEntry is one record that the tenant holds: what should arrive.
type LedgerEntry struct {
	ID      string    `json:"id"`
	Type    Type      `json:"type"`
	Created time.Time `json:"created"`
}

// AddActivities creates n activities and returns their ids, oldest first.
func (t *Tenant) AddActivities(n int, spread Spread) []string {
	return t.addGenerated(Activity, n, spread)
}

// AddAlerts creates n alerts and returns their ids, oldest first.
func (t *Tenant) AddAlerts(n int, spread Spread) []string {
	return t.addGenerated(Alert, n, spread)
}

// AddRecords creates n records of a type as [Tenant.AddActivities] does, and
// doesn't make their ids.
func (t *Tenant) AddRecords(kind Type, n int, spread Spread) {
	panic("TODO")
}

// Import adds a customer's own records: a JSON object with activities and
// alerts, each an array of records of the API's shape. The error names the
// record and what was expected.
func (t *Tenant) Import(raw json.RawMessage) (n int, err error) { panic("TODO") }

// Ledger yields every record of the tenant in order of creation.
func (t *Tenant) Ledger() iter.Seq[LedgerEntry] { panic("TODO") }

func (t *Tenant) addGenerated(kind Type, n int, spread Spread) []string { panic("TODO") }

type records struct{}

func (r *records) addSystemAlert(t *Tenant, kind NotificationKind, text string, now time.Time) {}
