package fakesyslog

// refuse closes the listener: the kernel answers a SYN with RST, and a
// datagram with ICMP port unreachable. Standing connections live on.
type refuse struct {
	established bool // standing connections are reset too
}

func newRefuse(a *arguments) effect {
	f := refuse{established: a.yes("established")}
	return effect{listen: f.listen, turn: f.turn}
}

func (refuse) listen() stance { return stance{down: true} }

func (f refuse) turn(view) turn {
	if f.established {
		return turn{end: endReset}
	}
	return turn{}
}
