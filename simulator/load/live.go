package load

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
)

// Live serves the last sample of a run for Prometheus. The zero value serves
// zeros.
type Live struct {
	mu       sync.Mutex
	last     Sample
	server   *http.Server
	listener net.Listener
}

// Set takes a sample.
func (l *Live) Set(s Sample) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last = s
}

// Start serves on an address, which must be one of the loopback, until Close.
func (l *Live) Start(address string) (net.Addr, error) {
	host, _, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err != nil || host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("%q: expected a loopback address and a port, such as 127.0.0.1:9090", address)
	}
	if l.listener, err = net.Listen("tcp", address); err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4")
		l.write(w)
	})
	l.server = &http.Server{Handler: mux}
	go func() { _ = l.server.Serve(l.listener) }() // it ends with Close
	return l.listener.Addr(), nil
}

// write writes the text format of Prometheus, version 0.0.4.
func (l *Live) write(w io.Writer) {
	l.mu.Lock()
	s := l.last
	l.mu.Unlock()
	for _, m := range []struct {
		name, kind, help string
		value            float64
	}{
		{"created_total", "counter", "Records to be forwarded, once for each agent.", float64(s.Created)},
		{"arrived_total", "counter", "Of these, those that arrived.", float64(s.Arrived)},
		{"duplicated_total", "counter", "Arrivals of what had come before.", float64(s.Duplicated)},
		{"backlog_records", "gauge", "Created and not arrived.", float64(s.Backlog())},
		{"age_p50_seconds", "gauge", "Median event age since the sample before.", s.AgeP50},
		{"age_p99_seconds", "gauge", "99th percentile of event age since the sample before.", s.AgeP99},
	} {
		fmt.Fprintf(w, "# HELP siemdrill_load_%s %s\n# TYPE siemdrill_load_%[1]s %[3]s\nsiemdrill_load_%[1]s %[4]v\n", m.name, m.help, m.kind, m.value)
	}
}

// Close ends it. One that was not started has nothing to end.
func (l *Live) Close() error {
	if l.server == nil {
		return nil
	}
	return l.server.Close()
}
