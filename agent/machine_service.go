package agent

import (
	"fmt"
	"slices"
	"time"

	"siemdrill/agent/internal/cas"
)

// What the Machine decides about the service: configuration, contact, critical
// errors, pulls.

func (m *Machine) fetch() {
	if m.fetching {
		return
	}
	m.fetching = true
	m.do(FetchConfiguration{})
}

// configured takes a configuration, the first or a new one, without a restart:
// what is in doubt at the old receiver is sent again to the new one. One that is
// in use already is left alone: else a portal whose answer to a contact names
// another version than comes with the configuration would have every batch sent
// again.
func (m *Machine) configured(in Configured) {
	first := m.version == ""
	m.fetching, m.fetchFails = false, 0
	if in.Version == m.version {
		return
	}
	m.version, m.udp, m.types = in.Version, in.UDP, in.Types
	if first {
		m.contact()
	} else {
		m.abandon()
		m.stopPulling()
		m.do(StopTimer{TimerRedial})
		if m.condition != Starting {
			m.becomeStarting("the configuration was changed in the portal")
		}
	}
	m.linkFails, m.patience = 0, time.Duration(m.settings.PatienceFirst)
	m.do(Dial{})
}

func (m *Machine) configurationFailed(f Failure) {
	m.fetching = false
	if m.version != "" {
		m.consoleFailed(f) // the next contact will show again that it differs
		return
	}
	switch f.Kind {
	case Unauthorized:
		m.becomeStopped(&Error{InvalidToken, f.Cause}, f.Cause.Error())
	case BadProxy:
		m.becomeStopped(&Error{InvalidProxyAddress, f.Cause}, f.Cause.Error())
	default:
		m.consoleFailed(f)
		if m.condition != Stopped {
			m.fetchFails++
			m.do(SetTimer{TimerFetch, m.backOff.wait(m.fetchFails)})
		}
	}
}

// consoleFailed draws the consequences of a failure that every request to the
// console has in common.
func (m *Machine) consoleFailed(f Failure) {
	switch f.Kind {
	case Deleted:
		m.becomeStopped(nil, "the agent was deleted in the portal")
	case Critical, Unauthorized:
		m.countCritical(f.Cause)
	case Unreachable, BadProxy:
		m.log.Warn("no contact, it will be tried again", "cause", f.Cause)
	}
}

func (m *Machine) countCritical(cause error) {
	window := time.Duration(m.settings.CriticalWindow)
	m.critical = slices.DeleteFunc(m.critical, func(t time.Time) bool { return m.now.Sub(t) >= window })
	m.critical = append(m.critical, m.now)
	n := len(m.critical)
	m.log.Error("critical error", "number", n, "of", m.settings.CriticalErrors, "within", window, "cause", cause)
	m.do(Counted{n, cause})
	if n >= m.settings.CriticalErrors {
		err := fmt.Errorf("%d within %s, the last: %w", n, window, cause)
		m.becomeStopped(&Error{TooManyCriticalErrors, err}, err.Error())
	}
}

// contact goes on in every condition: that is how the portal learns that the
// agent is held, and that it lives.
func (m *Machine) contact() {
	m.do(SetTimer{TimerContact, time.Duration(m.settings.ContactPeriod)})
	if m.contacting {
		return
	}
	m.contacting, m.lastContact = true, m.now
	m.reported = slices.Clone(m.raised)
	m.saidOver = m.over
	m.do(SendContact{m.reported, m.over})
}

// report makes a contact because the set of notifications has changed: at
// once, or contactApart after the last one, when the set may have changed back.
func (m *Machine) report() {
	if m.version == "" || m.contacting {
		return // the answer of the contact under way comes back here
	}
	if wait := m.lastContact.Add(contactApart).Sub(m.now); wait > 0 {
		m.do(SetTimer{TimerContact, wait})
		return
	}
	m.contact()
}

func (m *Machine) contactTaken(in ContactTaken) {
	m.contacting = false
	if m.endRecovery() {
		return
	}
	if in.ConfigurationVersion != "" && in.ConfigurationVersion != m.version {
		m.fetch()
	}
	if !m.raised.same(m.reported) {
		m.report()
	}
}

// pull is the one place where a pull begins.
func (m *Machine) pull(t cas.Type) {
	if m.condition != Pulling {
		return
	}
	m.pullBegan[t] = m.now
	m.do(Pull{t})
}

func (m *Machine) pulled(in Pulled) {
	if in.More {
		m.pull(in.Type)
		return
	}
	m.pullAfter(in.Type, m.untilNextPull(in.Type))
}

func (m *Machine) pullAfter(t cas.Type, wait time.Duration) {
	if m.condition == Pulling {
		m.do(SetTimer{pullTimer(t), wait})
	}
}

// untilNextPull is what is left of the pull period of t.
func (m *Machine) untilNextPull(t cas.Type) time.Duration {
	return max(0, m.pullBegan[t].Add(time.Duration(m.settings.PullPeriod)).Sub(m.now))
}

func (m *Machine) stopPulling() {
	m.do(StopTimer{TimerPullActivities})
	m.do(StopTimer{TimerPullAlerts})
	m.do(StopPulling{})
}
