package fakesyslog

// udpDuplicate delivers datagrams more than once.
type udpDuplicate struct{ copies int }

func newUDPDuplicate(a *arguments) effect {
	f := udpDuplicate{copies: a.number("copies", 1, 1, 100)}
	return effect{datagram: f.datagram}
}

func (f udpDuplicate) datagram(view) fate { return fate{copies: f.copies} }
