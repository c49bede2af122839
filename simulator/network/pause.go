package network

// Pause freezes the host's programs, or lets them go on: whatever they wait for on
// the network comes to them only then. Its kernel goes on: what is sent to it is
// acknowledged as long as there is room. What a program does without the
// network, by a timer, is not the network's to stop.
func (h *Host) Pause(on bool) {
	h.n.lock()
	defer h.n.unlock()
	if h.paused = on; !on {
		h.wake()
	}
}

// wake lets the programs go on. The network's lock is held, as it is in awake.
func (h *Host) wake() {
	h.paused = false
	h.woken.Broadcast()
}

// awake returns once the host's programs are not frozen.
func (h *Host) awake() {
	for h.paused {
		h.woken.Wait()
	}
}

// awaitResume is awake for whoever has no lock.
func (h *Host) awaitResume() {
	h.n.lock()
	defer h.n.unlock()
	h.awake()
}
