package agent

// What the Machine decides about a recovery agent: when it has nothing left to
// do it stops pulling, says so in its next contact, and once that was taken it
// ends.

func (m *Machine) recoveryOver() {
	if m.over {
		return
	}
	m.over, m.types = true, nil
	m.stopPulling()
	m.contact() // if one is under way, its answer comes back to endRecovery
}

// endRecovery follows a contact that was taken; it reports whether the agent is
// on its way out.
func (m *Machine) endRecovery() bool {
	switch {
	case !m.over:
		return false
	case m.saidOver:
		m.becomeStopped(nil, "the recovery agent has nothing left to do")
	default:
		m.contact()
	}
	return true
}
