package agent

import (
	"context"
	"log/slog"
)

// stampedHandler gives each log line the time of the agent's clock.
type stampedHandler struct {
	slog.Handler
	clock Clock
}

func (h stampedHandler) Handle(ctx context.Context, r slog.Record) error {
	r.Time = h.clock.Now()
	return h.Handler.Handle(ctx, r)
}

func (h stampedHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return stampedHandler{h.Handler.WithAttrs(attrs), h.clock}
}

func (h stampedHandler) WithGroup(name string) slog.Handler {
	return stampedHandler{h.Handler.WithGroup(name), h.clock}
}
