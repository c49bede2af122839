package console

import "time"

// NotificationID names one of the notifications that an agent itself reports.
// Their wording belongs to the portal.
type NotificationID string

// The notifications that an agent reports.
const (
	InternalError             NotificationID = "internal-error"
	DataServerSendError       NotificationID = "data-server-send-error"
	DataServerConnectionError NotificationID = "data-server-connection-error"
)

// Notification is one condition that holds at the agent.
type Notification struct {
	ID     NotificationID `json:"id"`
	Since  time.Time      `json:"since"`
	Detail string         `json:"detail"` // one line: what failed, where
}

// Contact is an agent's sign of life. Notifications is the full current set:
// what is absent is resolved, so a report lost in an outage repairs itself.
type Contact struct {
	Version              string         `json:"version"`
	ConfigurationVersion string         `json:"configurationVersion"`
	Machine              string         `json:"machine"`
	Notifications        []Notification `json:"notifications"`
	Done                 bool           `json:"done,omitempty"` // a recovery agent has forwarded its time frame and ends
}

// ContactAnswer is the portal's answer to a Contact. When
// ConfigurationVersion differs from the agent's, it fetches its configuration.
type ContactAnswer struct {
	Now                  time.Time `json:"now"`
	ConfigurationVersion string    `json:"configurationVersion"`
}
