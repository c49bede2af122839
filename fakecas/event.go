package fakecas

import "time"

// Event is one thing that happened at the service. It never holds a token.
type Event struct {
	Time       time.Time
	Kind       string
	Agent      string // the agent's id
	Connection string // "client>server", both as address:port
	Record     string // the record's id; the fault's id of a fault
	Detail     string
}

// The kinds of Event.
const (
	KindRequest              = "request"               // Detail: "METHOD path status"
	KindConnectionFailed     = "connection-failed"     // Detail: why; a handshake that did not end, for example
	KindCreated              = "created"               // Record: a record came to be in the tenant
	KindServed               = "served"                // Record: a record went out in a page, one Event each
	KindContact              = "contact"               // an agent's contact was answered with 200
	KindStatus               = "status"                // Detail: the agent's new Status
	KindNotificationRaised   = "notification-raised"   // Detail: "id: text"
	KindNotificationResolved = "notification-resolved" // Detail: the notification's id
	KindTokenRegenerated     = "token-regenerated"
	KindTokenRevoked         = "token-revoked" // Detail: whose, and why
	KindAgentAdded           = "agent-added"   // Detail: the agent's name
	KindAgentEdited          = "agent-edited"  // Detail: the new configuration version
	KindAgentDeleted         = "agent-deleted"
	KindThrottled            = "throttled"           // Detail: how long the client was told to wait
	KindCameBackTooEarly     = "came-back-too-early" // Detail: by how much
	KindFaultInjected        = "fault-injected"      // Detail: the fault's name and settings
	KindFaultHit             = "fault-hit"           // Detail: "name what it hit"
	KindFaultHealed          = "fault-healed"        // Detail: "name why, hits: N"
)
