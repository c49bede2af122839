package fakecas

import (
	"crypto/tls"
	"net/http"

	"siemdrill/agent/console"
)

// TB is what NewTestServer needs of a test: *testing.T, *testing.B and Ginkgo's
// GinkgoT() have it.
type TB interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
}

// TestServer is a Server that one test has for itself.
type TestServer struct {
	*Server
	URL   string // of the API, without a slash at the end
	Token string // of an agent called "test"
}

// NewTestServer starts a server on a free loopback port, with one agent and
// without the documented throttle, and closes it when the test ends. Change
// sets the server's fields before it starts.
func NewTestServer(t TB, change ...func(*Server)) *TestServer {
	t.Helper()
	s := &Server{Settings: Settings{RequestsPerMinute: -1}}
	for _, c := range change {
		c(s)
	}
	if err := s.Start("127.0.0.1:0"); err != nil {
		t.Fatalf("fakecas: %v", err)
	}
	t.Cleanup(func() { _ = s.Close() })
	c := console.DefaultConfiguration()
	c.Name, c.Remote.Host, c.Remote.Port = "test", "127.0.0.1", 514
	a, err := s.Tenant().AddAgent(c)
	if err != nil {
		t.Fatalf("fakecas: %v", err)
	}
	return &TestServer{Server: s, URL: s.URL(), Token: a.Token}
}

// Client returns an HTTP client that trusts the server.
func (s *TestServer) Client() *http.Client {
	return &http.Client{Transport: &http.Transport{
		TLSClientConfig:   &tls.Config{RootCAs: s.CA()},
		ForceAttemptHTTP2: true,
	}}
}
