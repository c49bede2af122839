package agent

import (
	"fmt"
	"time"
)

// step tells the Machine and does what it answers.
func (a *Agent) step(in Input) {
	for _, e := range a.machine.Step(a.clock.Now(), in) {
		a.perform(e)
	}
}

// perform does one effect. What answers it comes back through the loop, never
// from within.
func (a *Agent) perform(e Effect) {
	switch e := e.(type) {
	case Became:
		a.tell(KindState, "", "", string(e.Condition)+": "+e.Why)
		a.delivery.held = e.Condition == Held
	case FetchConfiguration:
		a.service.fetchConfiguration()
	case SendContact:
		a.service.contact(e.Notifications, e.Done)
	case Pull:
		a.pull(a.streams[e.Type])
	case StopPulling:
		a.stopPulling()
	case Dial:
		a.delivery.dial()
	case Abandon:
		a.delivery.abandon()
		a.rewind()
	case Probe:
		a.delivery.probe(e.Patient)
	case SetTimer:
		a.set(e.Timer, e.After, func() { a.step(Expired{e.Timer}) })
	case StopTimer:
		a.unset(e.Timer)
	case Raised:
		a.tell(KindNotificationRaised, "", "", string(e.Notification.ID)+": "+e.Notification.Detail)
	case Resolved:
		a.tell(KindNotificationResolved, "", "", string(e.ID))
	case Counted:
		a.tell(KindCritical, "", "", fmt.Sprintf("%d: %v", e.Number, e.Cause))
	case Finish:
		a.stop(e.Err)
	default:
		panic(fmt.Sprintf("agent: no effect %T", e))
	}
}

// timerStop limits how long stopping waits.
const timerStop Timer = "stop"

// stop ends the agent once what is in doubt is confirmed, or after StopAfter.
func (a *Agent) stop(err *Error) {
	a.stopping, a.err = true, err
	for name := range a.timers {
		a.unset(name)
	}
	a.set(timerStop, time.Duration(a.settings.StopAfter), func() { a.finished = true })
	a.delivery.finish()
}
