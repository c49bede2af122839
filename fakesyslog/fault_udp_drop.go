package fakesyslog

// udpDrop loses datagrams.
type udpDrop struct{ percent int }

func newUDPDrop(a *arguments) effect {
	f := udpDrop{percent: a.number("percent", 100, 1, 100)}
	return effect{datagram: f.datagram}
}

func (f udpDrop) datagram(v view) fate { return fate{drop: int(v.draw%100) < f.percent} }
