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

// watch returns the agent's hook: it logs every event for debugging and, if the
// settings have an address for that, counts it for /metrics and /healthz there.
// Call stop at the end.
func watch(settings agent.Settings, log *slog.Logger) (hook func(agent.Event), stop func(), err error) {
	debug := func(e agent.Event) {
		log.Debug(e.Kind, "connection", e.Connection, "record", e.Record, "detail", e.Detail, "agent", e.Agent)
	}
	if settings.MetricsAddress == "" {
		return debug, func() {}, nil
	}
	listener, err := net.Listen("tcp", settings.MetricsAddress)
	if err != nil {
		return nil, nil, fmt.Errorf("settings: metricsAddress: %w", err)
	}
	counted := metrics.New(version(), commit(), time.Duration(settings.WithDefaults().ContactPeriod))
	server := &http.Server{Handler: counted.Handler(), ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
	go server.Serve(listener)
	return func(e agent.Event) { counted.Observe(e); debug(e) }, func() { server.Close() }, nil
}
