package fakesyslog

// blackHole lets the kernel drop what comes for the listener: a SYN stays
// unanswered, a datagram vanishes. Standing connections live on.
type blackHole struct {
	established bool // standing connections fall silent too: no acknowledgement, no RST
}

func newBlackHole(a *arguments) effect {
	f := blackHole{established: a.yes("established")}
	return effect{listen: f.listen, turn: f.turn}
}

func (blackHole) listen() stance { return stance{silent: true} }

func (f blackHole) turn(view) turn { return turn{silent: f.established} }
