package agent

import "time"

// Event is something that happened in the agent, as a value for a time line.
// It never carries the token or a password.
type Event struct {
	Time       time.Time
	Kind       string // one of the Kind constants
	Agent      string // the agent's id in the portal; empty until it is known
	Connection string // the receiver's connection, as "local>remote"; empty if none is meant
	Record     string // "activity" or "alert" where one of them is meant
	Detail     string // one line
}

// The kinds of Event.
const (
	KindState                = "state"                 // Detail is the condition: starting, pulling, held, stopped
	KindConfiguration        = "configuration"         // a configuration was applied; Detail is its version
	KindContact              = "contact"               // the portal took a contact
	KindContactFailed        = "contact-failed"        // it did not; Detail is why
	KindCritical             = "critical"              // a critical error was counted
	KindPulled               = "pulled"                // a page of records came
	KindPullFailed           = "pull-failed"           // it did not; Detail is why
	KindLookBackCut          = "look-back-cut"         // more records than can be remembered lie in the look-back; Detail is what is left of it
	KindConnected            = "connected"             // a connection to the receiver stands
	KindDisconnected         = "disconnected"          // it ended; Detail is why
	KindDialFailed           = "dial-failed"           // it could not be made; Detail is why
	KindSent                 = "sent"                  // a batch was written
	KindConfirmed            = "confirmed"             // the batch was read to its end by the receiver
	KindInDoubt              = "in-doubt"              // the batch will be sent again
	KindPace                 = "pace"                  // Detail is K as it is now: how many lines a fault makes arrive again at most
	KindWay                  = "way"                   // Detail is how lines are confirmed from now on: close or window, and why
	KindStalled              = "stalled"               // nothing moved for StallAfter
	KindNotificationRaised   = "notification-raised"   // Detail is its id and its own detail
	KindNotificationResolved = "notification-resolved" // Detail is its id
)
