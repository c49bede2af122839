package agent

import (
	"context"
	"runtime"
	"time"

	"siemdrill/agent/internal/dial"
	"siemdrill/agent/internal/syslog"
)

// checkLimit is how long the receiver may take to close what was closed to it.
const checkLimit = 10 * time.Second

// receiver finds out whether the receiver confirms: one that reads a connection
// to its end closes its side as well, and that is how the agent will learn what
// arrived.
func (c *checking) receiver() {
	a := c.agent
	sink := a.sink(a.configuration)
	ctx, stop := dial.WithLimit(c.ctx, a.clock, time.Duration(a.settings.DialLimit)+checkLimit, "connecting")
	defer stop()
	connection, err := sink.Dial(ctx)
	if err != nil {
		c.found(TheReceiver, Bad, plainly(sink, err).Error(), "check host name and port in the portal; check the firewall")
		return
	}
	defer connection.Close()
	if sink.Transport == syslog.UDP {
		c.found(TheReceiver, NotProven, sink.Address()+": nothing answers over UDP, and what is lost on the way is lost", "use TCP if the receiver can")
		return
	}
	closing, stopClosing := dial.WithLimit(ctx, a.clock, checkLimit, "closing")
	defer stopClosing()
	c.judge(sink, connection.Confirm(closing), closing)
}

func (c *checking) judge(sink *syslog.Sink, err error, closing context.Context) {
	const nearest = " What is proven is that the nearest endpoint reads: a load balancer or a proxy on the way answers for itself."
	address := sink.Address()
	switch {
	case err == nil && runtime.GOOS != "linux":
		c.found(TheReceiver, NotProven, address+": it closes what is closed to it, but this system doesn't tell what was acknowledged."+nearest, "")
	case err == nil:
		c.found(TheReceiver, Good, address+": proven: it reads a connection to its end and closes it."+nearest, "")
	case closing.Err() != nil:
		c.found(TheReceiver, NotProven, address+": not proven: it does not close a connection that was closed to it, so closing can't tell what it has read",
			"see whether the receiver, or a proxy before it, keeps half-closed connections open")
	default:
		c.found(TheReceiver, NotProven, address+": not proven: "+err.Error(), "it ended the connection in another way than a receiver that has read everything does; look in its log")
	}
}
