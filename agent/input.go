package agent

import (
	"time"

	"siemdrill/agent/internal/cas"
)

// Input is something that the Machine is told.
type Input interface{ input() }

// What the Machine is told of itself and of the service.
type (
	// Started: the agent was started.
	Started struct{}
	// StopWanted: whoever runs the agent wants it to stop.
	StopWanted struct{}
	// BootstrapFailed: something other than the service stands in the way of
	// starting, such as a checkpoint that can't be read.
	BootstrapFailed struct{ Cause error }
	// Configured: a configuration was fetched and is usable.
	Configured struct {
		Version string
		UDP     bool
		Types   []cas.Type // those to pull
	}
	// ConfigurationFailed: it could not be fetched.
	ConfigurationFailed struct{ Failure Failure }
	// ContactTaken: the portal answered a contact.
	ContactTaken struct{ ConfigurationVersion string }
	// ContactFailed: it did not.
	ContactFailed struct{ Failure Failure }
	// Pulled: a page came and there is room for another.
	Pulled struct {
		Type cas.Type
		More bool
	}
	// PullFailed: no page came; After is how long the service wants to be left
	// alone, 0 if it did not say.
	PullFailed struct {
		Type  cas.Type
		After time.Duration
	}
	// Saved: the checkpoint was saved, or not.
	Saved struct{ Cause error }
	// RecoveryOver: a recovery agent's time frame is confirmed, or the portal
	// has disabled it.
	RecoveryOver struct{}
	// Expired: a timer that the Machine set has run out.
	Expired struct{ Timer Timer }
)

// What the Machine is told of the receiver.
type (
	// Connected: a connection stands.
	Connected struct{}
	// DialFailed: look-up, dial or handshake failed.
	DialFailed struct{ Cause error }
	// Sent: lines are in doubt on the connection.
	Sent struct{}
	// Confirmed: the lines that were in doubt are not any more. That closed
	// their connection; Next says whether another one stands already.
	Confirmed struct{ Next bool }
	// Broken: the connection ended without that.
	Broken struct {
		InDoubt bool
		Cause   error
	}
	// Stalled: nothing has moved on the connection for too long.
	Stalled struct{ Cause error }
	// Progressed: it moves again.
	Progressed struct{}
	// Probed: another connection was read to its end, so the receiver works.
	Probed struct{}
	// Unanswered: closing proves nothing to this receiver, so what it was given
	// is sent again to be confirmed in another way.
	Unanswered struct{}
	// ProbeFailed: another connection could not be made.
	ProbeFailed struct{ Cause error }
)

func (Started) input()             {}
func (StopWanted) input()          {}
func (BootstrapFailed) input()     {}
func (Configured) input()          {}
func (ConfigurationFailed) input() {}
func (ContactTaken) input()        {}
func (ContactFailed) input()       {}
func (Pulled) input()              {}
func (PullFailed) input()          {}
func (Saved) input()               {}
func (RecoveryOver) input()        {}
func (Expired) input()             {}
func (Connected) input()           {}
func (DialFailed) input()          {}
func (Sent) input()                {}
func (Confirmed) input()           {}
func (Broken) input()              {}
func (Stalled) input()             {}
func (Progressed) input()          {}
func (Probed) input()              {}
func (Unanswered) input()          {}
func (ProbeFailed) input()         {}
