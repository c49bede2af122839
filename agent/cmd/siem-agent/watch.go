package main

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"siemdrill/agent"
	"siemdrill/agent/internal/metrics"
)

// watch returns the agent's hook: it logs every event for debugging and, if
// there is an address, counts it for /metrics and /healthz there. Call stop at
// the end.
func watch(address string, log *slog.Logger) (hook func(agent.Event), stop func(), err error) {
	debug := func(e agent.Event) {
		log.Debug(e.Kind, "connection", e.Connection, "record", e.Record, "detail", e.Detail, "agent", e.Agent)
	}
	if address == "" {
		return debug, func() {}, nil
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, nil, fmt.Errorf("settings: metricsAddress: %w", err)
	}
	counted := metrics.New(version(), commit())
	server := &http.Server{Handler: counted.Handler(), ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
	go server.Serve(listener)
	return func(e agent.Event) { counted.Observe(e); debug(e) }, func() { server.Close() }, nil
}
