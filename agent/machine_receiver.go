package agent

import (
	"fmt"
	"time"

	"siemdrill/agent/console"
)

// What the Machine decides about the receiver.
//
// A connection error is a failure to connect; a send error is a connection
// that broke or stalled with lines in doubt. UDP knows neither, and is never
// held.

func (m *Machine) receiver(in Input) {
	switch in := in.(type) {
	case Connected:
		m.connected()
	case DialFailed:
		m.dialFailed(in.Cause)
	case Sent:
		m.inDoubt = true
	case Confirmed:
		m.confirmed(in.Next)
	case Broken:
		m.broken(in)
	case Stalled:
		m.stall(in.Cause)
	case Progressed:
		m.progressed()
	case Probed:
		m.probed()
	case Unanswered:
		m.unproven = true
		m.probed()
	case ProbeFailed:
		m.raise(console.DataServerConnectionError, in.Cause)
	default:
		panic(fmt.Sprintf("agent: no input %T", in))
	}
}

// connected ends Held; what was raised stays until delivery has shown that it
// works.
func (m *Machine) connected() {
	m.linked = true
	if len(m.raised) > 0 || m.linkFails > 0 {
		m.do(SetTimer{TimerHealthy, healthyAfter})
	}
	if m.condition != Pulling {
		m.becomePulling("connected to the receiver")
	}
}

func (m *Machine) dialFailed(cause error) {
	m.linkFails++
	m.do(SetTimer{TimerRedial, m.backOff.wait(m.linkFails)})
	if m.udp {
		m.log.Warn("the receiver can't be found, it will be tried again", "cause", cause)
		if m.condition != Pulling {
			m.becomePulling("UDP is never held")
		}
		return
	}
	if m.condition != Held {
		m.becomeHeld(cause.Error())
		m.do(Abandon{})
	}
	m.raise(console.DataServerConnectionError, cause)
}

// broken dials at once the first time; a connection that breaks again before
// anything was confirmed is dialled with back-off.
func (m *Machine) broken(in Broken) {
	failedOver := in.InDoubt && !m.udp
	if failedOver && m.condition != Held {
		m.becomeHeld(in.Cause.Error())
	}
	if in.InDoubt {
		m.abandon()
	}
	m.unlink()
	m.redial()
	if in.InDoubt && m.udp {
		m.pullAgain()
	}
	if failedOver {
		m.raise(console.DataServerSendError, in.Cause)
	}
}

// pullAgain pulls from the checkpoint on.
func (m *Machine) pullAgain() {
	m.stopPulling()
	for _, t := range m.types {
		m.pull(t)
	}
}

func (m *Machine) redial() {
	wait := m.backOff.wait(m.linkFails)
	m.linkFails++
	if wait == 0 {
		m.do(Dial{})
		return
	}
	m.do(SetTimer{TimerRedial, wait})
}

// stall holds the agent but keeps the connection: slow is not dead. What moves
// again on it ends that.
func (m *Machine) stall(cause error) {
	if m.condition != Held {
		m.becomeHeld(cause.Error())
	}
	m.stalled = true
	m.do(SetTimer{TimerProbe, m.patience})
	m.raise(console.DataServerSendError, cause)
}

func (m *Machine) progressed() {
	if !m.stalled {
		return
	}
	m.stalled = false
	m.do(StopTimer{TimerProbe})
	m.becomePulling("the receiver reads again")
}

// probe asks whether another connection would fare better. To send again on one
// means to pull again, and that must wait until the receiver is known to read.
func (m *Machine) probe() {
	most := time.Duration(m.settings.PatienceMost)
	patient := m.patience == most
	m.patience = min(2*m.patience, most)
	m.do(SetTimer{TimerProbe, m.patience})
	m.do(Probe{patient})
}

// probed gives up the stalled connection: what it was given is sent again on a
// new one.
func (m *Machine) probed() {
	if !m.stalled {
		return
	}
	m.abandon()
	m.redial()
}

// confirmed is the proof that delivery works.
func (m *Machine) confirmed(next bool) {
	m.inDoubt, m.unproven = false, false
	m.linkFails, m.patience = 0, time.Duration(m.settings.PatienceFirst)
	m.progressed()
	m.do(StopTimer{TimerHealthy})
	m.linked = next
	m.resolve(console.DataServerConnectionError, console.DataServerSendError)
	if !next {
		m.do(Dial{})
	}
}

// healthy is the other proof, for a receiver to which nothing is sent.
func (m *Machine) healthy() {
	if !m.linked || m.inDoubt || m.unproven {
		return
	}
	m.linkFails = 0
	m.resolve(console.DataServerConnectionError, console.DataServerSendError)
}

// abandon forgets the connection and everything that is not confirmed: it is
// pulled again from the checkpoint.
func (m *Machine) abandon() {
	m.unlink()
	m.do(Abandon{})
}

func (m *Machine) unlink() {
	m.linked, m.inDoubt, m.stalled = false, false, false
	m.do(StopTimer{TimerHealthy})
	m.do(StopTimer{TimerProbe})
}
