package agent

// Confirm is how the agent learns that what it sent over TCP or TLS was read.
type Confirm string

// The ways.
const (
	ConfirmAuto   Confirm = "auto"   // by closing, or by the window where closing proves nothing
	ConfirmClose  Confirm = "close"  // by closing the connection, which proves that everything was read
	ConfirmWindow Confirm = "window" // by what follows: see window
)

// proof knows which of the two ways is in use. It falls back to the window only
// for a receiver that has shown, several times in a row, that its answer to
// closing means nothing: everything was acknowledged, and then no end came, or
// a reset. Once is no sign: a receiver that is stuck or killed does so too.
type proof struct {
	setting  Confirm
	after    int // times in a row
	fallen   bool
	timeouts int
	resets   int
}

// byWindow says whether the window is in use.
func (p *proof) byWindow() bool { return p.setting == ConfirmWindow || p.fallen }

// timedOut counts an answer that did not come, and reports whether that makes
// the window the way to go on.
func (p *proof) timedOut() bool {
	p.timeouts++
	return p.timeouts >= p.after && p.fall()
}

// wasReset counts a reset for an answer, likewise.
func (p *proof) wasReset() bool {
	p.resets++
	return p.resets >= p.after && p.fall()
}

// answered is the answer that proves: a clean end.
func (p *proof) answered() { p.timeouts, p.resets, p.fallen = 0, 0, false }

// fall falls back to the window, at once where the system does not tell what is
// acknowledged; it reports whether it did.
func (p *proof) fall() bool {
	if p.setting != ConfirmAuto || p.fallen {
		return false
	}
	p.fallen = true
	return true
}
