package fakecas

import "time"

// Status is what the portal says of an agent.
type Status int

// The four statuses, documented by the vendor.
const (
	Created         Status = iota // added, never connected
	Connected                     // the connection is up
	ConnectionError               // it has been down for more than 2 hours
	Disconnected                  // it has been down for more than 12 hours
)

// How long after the last contact a status begins. "More than" is strict: at
// exactly this age the earlier status still holds.
const (
	ConnectionErrorAfter = 2 * time.Hour
	DisconnectedAfter    = 12 * time.Hour
)

var statusNames = [...]struct{ english, dutch string }{
	Created:         {"Created", "Gemaakt"},
	Connected:       {"Connected", "Verbonden"},
	ConnectionError: {"Connection error", "Verbindingsfout"},
	Disconnected:    {"Disconnected", "Verbroken"},
}

// String returns the vendor's English word.
func (s Status) String() string { return statusNames[s].english }

// Dutch returns the word of the vendor's Dutch portal.
func (s Status) Dutch() string { return statusNames[s].dutch }

// StatusAt returns the status at now of an agent whose last contact was at
// lastContact; the zero time means never.
func StatusAt(lastContact, now time.Time) Status {
	down := now.Sub(lastContact)
	switch {
	case lastContact.IsZero():
		return Created
	case down > DisconnectedAfter:
		return Disconnected
	case down > ConnectionErrorAfter:
		return ConnectionError
	default:
		return Connected
	}
}
