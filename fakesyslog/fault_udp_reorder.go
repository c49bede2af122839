package fakesyslog

// udpReorder delivers datagrams after later ones.
type udpReorder struct{ behind int }

func newUDPReorder(a *arguments) effect {
	f := udpReorder{behind: a.number("behind", 1, 1, 1000)}
	return effect{datagram: f.datagram}
}

func (f udpReorder) datagram(view) fate { return fate{behind: f.behind} }
