package cas

// Type says which of the two lists of the service a record is from.
type Type string

// The record types, in the words that events and ledgers use.
const (
	Activity Type = "activity"
	Alert    Type = "alert"
)

// Record is one activity or alert, decoded once and reduced to what a line
// needs. Times are in milliseconds since the epoch.
type Record struct {
	Type Type
	ID   string

	// Created is the place in the scan: for an activity the time at which the
	// service indexed it, for an alert the same as Timestamp, since the service
	// can't list alerts by anything later.
	Created int64
	// Timestamp is the time at which it happened.
	Timestamp int64

	Class       string   // EVENT_CATEGORY_… or ALERT_…
	Name        string   // the activity's type as shown, or the policy's name
	Severity    Severity // Informational for activities
	Description string   // as the portal shows it
	User        string   // subject user
	Service     string   // originating app
	IPv4, IPv6  string   // the client's address, at most one of them for an activity
	UserAgent   string   // activities only
	Risk        string   // alerts only: the risk score in digits, or empty
	Apps        []string // APPID_…
	Targets     []string // activities only: names of the objects it touched; may have empty items
	Audits      []string // alerts only: ids of the activities behind it
	Policies    []string // ids of the policies that it matched
}

// Severity is how grave a record is.
type Severity uint8

// The severities, lowest first. The service's own numbers have another order
// (0 low, 1 medium, 2 high, 3 informational).
const (
	Informational Severity = iota
	Low
	Medium
	High
)
