package agent

import (
	"context"
	"log/slog"
	"net"
	"strconv"
)

// telling gives each log line the time of the agent's clock and, at its end,
// what is asked first about it: which agent, of which tenant, for which
// receiver, in which condition. Lines are logged on the loop only, so nothing
// of it changes meanwhile.
type telling struct {
	slog.Handler
	agent *Agent
}

func (h telling) Handle(ctx context.Context, r slog.Record) error {
	r = r.Clone()
	r.Time = h.agent.clock.Now()
	c := h.agent.configuration
	if c.Agent != "" {
		receiver := net.JoinHostPort(c.Remote.Host, strconv.Itoa(c.Remote.Port))
		r.AddAttrs(slog.String("agent", c.Agent), slog.String("tenant", c.Tenant), slog.String("receiver", receiver))
	}
	if condition := h.agent.machine.condition; condition != "" {
		r.AddAttrs(slog.String("condition", string(condition)))
	}
	return h.Handler.Handle(ctx, r)
}

func (h telling) WithAttrs(attrs []slog.Attr) slog.Handler {
	return telling{h.Handler.WithAttrs(attrs), h.agent}
}

func (h telling) WithGroup(name string) slog.Handler {
	return telling{h.Handler.WithGroup(name), h.agent}
}
