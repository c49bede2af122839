package fakesyslog

import "time"

// fullBacklog accepts nothing any more: clients are connected, as far as they
// can tell, until the kernel's queue is full, and then their SYNs vanish.
type fullBacklog struct {
	queue int // connections that the queue holds
}

// newFullBacklog has a queue of 1 by default: Linux holds one more than asked
// for, and one is with the program before it can be told.
func newFullBacklog(a *arguments) effect {
	f := fullBacklog{queue: a.number("queue", 0, 0, 4096)}
	return effect{listen: f.listen, accept: f.accept}
}

func (f fullBacklog) listen() stance { return stance{short: true, queue: f.queue} }

func (fullBacklog) accept(time.Duration) turn { return turn{hold: true} }
