package fakesyslog

import "context"

// T is what Run needs of a testing.T.
type T interface {
	Helper()
	Fatalf(format string, args ...any)
	Cleanup(func())
}

// Run starts a server on the loopback for a test, and closes it when the test
// is over. Network is "tcp", "udp" or "tls"; configure may change the server
// before it starts. A whole test can be:
//
//	s, address := fakesyslog.Run(t, "tcp")
//	// … send to address …
//	s.Await(t.Context(), fakesyslog.Parsed, 40)
func Run(t T, network string, configure ...func(*Server)) (s *Server, address string) {
	t.Helper()
	s = &Server{}
	for _, f := range configure {
		f(s)
	}
	addr, err := s.Start(network, "127.0.0.1:0")
	if err != nil {
		t.Fatalf("fakesyslog: %v", err)
	}
	t.Cleanup(func() { s.Close() })
	return s, addr.String()
}

// Await blocks until n messages were booked at a place, or ctx is done; then it
// returns why.
func (s *Server) Await(ctx context.Context, p Place, n int) error {
	return s.ledger.await(ctx, p, n)
}
