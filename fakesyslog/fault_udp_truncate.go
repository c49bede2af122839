package fakesyslog

// udpTruncate keeps only the beginning of datagrams.
type udpTruncate struct{ keep int }

func newUDPTruncate(a *arguments) effect {
	f := udpTruncate{keep: a.number("keep", 480, 1, 65535)}
	return effect{datagram: f.datagram}
}

func (f udpTruncate) datagram(view) fate { return fate{keep: f.keep} }
