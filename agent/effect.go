package agent

import (
	"time"

	"siemdrill/agent/console"
	"siemdrill/agent/internal/cas"
)

// Effect is something that the Machine wants done. Effects are done in order.
type Effect interface{ effect() }

type (
	// Became tells that the condition changed.
	Became struct {
		Condition Condition
		Why       string
	}
	// FetchConfiguration is answered by Configured or ConfigurationFailed.
	FetchConfiguration struct{}
	// SendContact is answered by ContactTaken or ContactFailed.
	SendContact struct {
		Notifications []console.Notification
		Done          bool // a recovery agent has nothing left to do
	}
	// Pull asks for the next page of one type; it is answered by Pulled or
	// PullFailed, unless StopPulling comes first.
	Pull struct{ Type cas.Type }
	// StopPulling gives up the pulls that are under way; they are not answered.
	StopPulling struct{}
	// Dial is answered by Connected or DialFailed, unless Abandon comes first.
	Dial struct{}
	// Abandon closes the connection, gives up a dial, and forgets everything
	// that is not confirmed: the next pull starts from the checkpoint.
	Abandon struct{}
	// Probe tries on another connection, which carries no line, whether the
	// receiver reads. It is answered by Probed or ProbeFailed, or not at all
	// while the receiver does nothing. Patient says that the last one was waited
	// for as long as ever; after some of these comes Unanswered.
	Probe struct{ Patient bool }
	// SetTimer is answered by Expired; it replaces a timer of the same name.
	SetTimer struct {
		Timer Timer
		After time.Duration
	}
	// StopTimer undoes SetTimer.
	StopTimer struct{ Timer Timer }
	// Raised tells of a new notification.
	Raised struct{ Notification console.Notification }
	// Resolved tells that its cause is gone.
	Resolved struct{ ID console.NotificationID }
	// Counted tells of a critical error, the Number-th within the window.
	Counted struct {
		Number int
		Cause  error
	}
	// Finish stops all timers, confirms what is in doubt while that is quick,
	// and ends the agent with Err.
	Finish struct{ Err *Error }
)

func (Became) effect()             {}
func (FetchConfiguration) effect() {}
func (SendContact) effect()        {}
func (Pull) effect()               {}
func (StopPulling) effect()        {}
func (Dial) effect()               {}
func (Abandon) effect()            {}
func (Probe) effect()              {}
func (SetTimer) effect()           {}
func (StopTimer) effect()          {}
func (Raised) effect()             {}
func (Resolved) effect()           {}
func (Counted) effect()            {}
func (Finish) effect()             {}

// Timer names a timer of the Machine.
type Timer string

// The timers of the Machine.
const (
	TimerFetch          Timer = "fetch"
	TimerContact        Timer = "contact"
	TimerRedial         Timer = "redial"
	TimerProbe          Timer = "probe"
	TimerHealthy        Timer = "healthy"
	TimerPullActivities Timer = "pull-activities"
	TimerPullAlerts     Timer = "pull-alerts"
)

// pullTimer is the timer of a type's pulls.
func pullTimer(t cas.Type) Timer {
	if t == cas.Alert {
		return TimerPullAlerts
	}
	return TimerPullActivities
}
