package fakecas

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"strings"
	"sync"
)

// Server is a fake Cloud App Security service. Set the fields before the first
// call of any method; the zero value works.
type Server struct {
	// Clock is where time comes from; nil: the system.
	Clock Clock
	// Hook is called with each Event, in the order in which they happened and
	// without locks; nil: nobody listens.
	Hook func(Event)
	// Quiet keeps from the Hook that a record was created or served: the
	// tenant's ledger has it.
	Quiet bool
	// Listen opens listeners; nil: the system's.
	Listen func(ctx context.Context, network, address string) (net.Listener, error)
	// Seed is what ids, tokens and records follow from.
	Seed uint64
	// Settings are the limits; zero: as documented.
	Settings Settings
	// BaseURL is what tokens carry; empty: https and the listener's address.
	BaseURL string
	// Hosts are names and IPs in the certificate beside the listener's.
	Hosts []string
	// Certificate is served instead of one from an authority that Start makes.
	Certificate *tls.Certificate

	once     sync.Once
	done     chan struct{} // closed by Close
	feed     feed
	tenant   *Tenant
	faults   faults
	throttle throttle
	routes   []route

	mu        sync.Mutex
	port      *port     // of the API; nil before Start
	running   []running // what Start and StartControl began
	authority *authority
	leaf      *tls.Certificate
	closed    bool
	serving   sync.WaitGroup // the HTTP server's loop, its connections and requests
}

var errNotStarted = errors.New("the server was not started")

// ready makes what the zero value lacks.
func (s *Server) ready() {
	s.once.Do(func() {
		s.done = make(chan struct{})
		s.feed.hook, s.feed.quiet = s.Hook, s.Quiet
		s.faults.server = s
		s.routes = routes()
		settings := s.settings()
		s.throttle.perMinute = settings.RequestsPerMinute
		g := generator{seed: s.Seed, tenant: settings.Tenant}
		s.tenant = &Tenant{settings: settings, clock: s.clock(), feed: &s.feed, base: s.base}
		s.tenant.reset(g, seeded(s.Seed))
	})
}

func (s *Server) settings() Settings { return s.Settings.withDefaults() }

func (s *Server) clock() Clock {
	if s.Clock == nil {
		return systemClock{}
	}
	return s.Clock
}

// Tenant returns the tenant that the server serves.
func (s *Server) Tenant() *Tenant {
	s.ready()
	return s.tenant
}

// base is the URL that tokens carry.
func (s *Server) base() (string, error) {
	if s.BaseURL != "" {
		return strings.TrimRight(s.BaseURL, "/"), nil
	}
	if s.Addr() == nil {
		return "", fmt.Errorf("%w and has no BaseURL, so there is no address that a token could carry", errNotStarted)
	}
	return s.URL(), nil
}

// Start serves the API over HTTPS (TLS 1.2 or newer, HTTP/1.1 and 2) on a TCP
// address until Close.
func (s *Server) Start(address string) error {
	s.ready()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.port != nil {
		return errors.New("the server was started already")
	}
	p, err := s.openPort(address, s.faults.accept)
	if err != nil {
		return err
	}
	now := s.clock().Now()
	if s.authority, err = newAuthority("Fake Cloud App Security CA", now); err == nil {
		s.leaf, err = s.authority.issue(hostsOf(p.Addr(), s.Hosts), s.authority.certificate.NotBefore, s.authority.certificate.NotAfter)
	}
	if s.Certificate != nil {
		s.leaf = s.Certificate
	}
	if err != nil {
		return errors.Join(err, p.Close())
	}
	s.port = p
	s.serve(p, s.Handler(), &tls.Config{GetConfigForClient: s.tlsConfig, NextProtos: []string{"h2", "http/1.1"}})
	return nil
}

func (s *Server) listen() func(context.Context, string, string) (net.Listener, error) {
	if s.Listen == nil {
		return new(net.ListenConfig).Listen
	}
	return s.Listen
}

// StartControl serves the control API, and the portal under /, over HTTP on
// another TCP address, which should be a loopback one, and returns it. Hosts
// are names under which the listener may be asked beside this machine's own.
func (s *Server) StartControl(address string, hosts ...string) (net.Addr, error) {
	control := s.Control(hosts...)
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.openPort(address, func(*connection) {})
	if err != nil {
		return nil, err
	}
	s.serve(p, control, nil)
	return p.Addr(), nil
}

// running is a port and the HTTP server over it.
type running struct {
	port *port
	http *http.Server
}

// serve runs a handler over a port, under TLS when config is not nil. The lock
// is held.
func (s *Server) serve(p *port, handler http.Handler, config *tls.Config) {
	h := &http.Server{
		Handler:   handler,
		ErrorLog:  log.New(connectionLog{s, p}, "", 0),
		TLSConfig: config,
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			return context.WithValue(ctx, connectionKey{}, connectionOf(c))
		},
		ConnState: func(_ net.Conn, state http.ConnState) {
			switch state {
			case http.StateNew:
				s.serving.Add(1)
			case http.StateClosed, http.StateHijacked:
				s.serving.Done()
			}
		},
	}
	s.running = append(s.running, running{p, h})
	s.serving.Add(1)
	go func() {
		defer s.serving.Done()
		if config == nil {
			_ = h.Serve(p)
		} else {
			_ = h.ServeTLS(p, "", "")
		}
	}()
}

// connectionOf finds the accepted connection under TLS.
func connectionOf(c net.Conn) *connection {
	if t, ok := c.(*tls.Conn); ok {
		c = t.NetConn()
	}
	conn, _ := c.(*connection)
	return conn
}

// connectionLog turns the HTTP server's complaints about connections into
// Events.
type connectionLog struct {
	server *Server
	port   *port
}

func (l connectionLog) Write(p []byte) (int, error) {
	connection, why := "", strings.TrimSpace(string(p))
	if handshake, ok := strings.CutPrefix(why, "http: TLS handshake error from "); ok {
		client, reason, _ := strings.Cut(handshake, ": ")
		connection, why = client+">"+l.port.Addr().String(), "TLS handshake: "+reason
	}
	l.server.noteFailed(connection, why)
	return len(p), nil
}

// noteFailed tells of a connection that did not come about, or broke.
func (s *Server) noteFailed(connection, why string) {
	s.feed.note(Event{Time: s.clock().Now(), Kind: KindConnectionFailed, Connection: connection, Detail: why})
	s.feed.deliver()
}

// started returns the port, or an error before Start.
func (s *Server) started() (*port, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.port == nil {
		return nil, errNotStarted
	}
	return s.port, nil
}

// Addr returns where the API listens; nil before Start.
func (s *Server) Addr() net.Addr {
	p, err := s.started()
	if err != nil {
		return nil
	}
	return p.Addr()
}

// URL returns BaseURL, or else https and the listener's address, without a
// slash at the end; empty before Start.
func (s *Server) URL() string {
	if s.BaseURL != "" {
		return strings.TrimRight(s.BaseURL, "/")
	}
	p, err := s.started()
	if err != nil {
		return ""
	}
	host, port, _ := net.SplitHostPort(p.address)
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = hostsOf(p.Addr(), s.Hosts)[0]
	}
	return "https://" + net.JoinHostPort(host, port)
}

// Close stops the service and returns when its goroutines have ended. The
// faults that hold end with it.
func (s *Server) Close() error {
	s.ready()
	s.tenant.close()
	s.mu.Lock()
	if !s.closed {
		close(s.done)
	}
	s.closed = true
	running := s.running
	s.mu.Unlock()
	for _, r := range running {
		_ = r.port.Close()
		_ = r.http.Close()
	}
	s.HealAll()
	for _, r := range running {
		for _, c := range r.port.standing() {
			_ = c.Close()
		}
	}
	s.serving.Wait()
	s.feed.deliver()
	return nil
}
