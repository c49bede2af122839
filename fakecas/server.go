package fakecas

import (
	"context"
	"crypto/x509"
	"net"
	"net/http"
)

// Server is a fake Cloud App Security service. Set the fields before the first
// call of any method; the zero value works.
type Server struct {
	Clock    Clock                                                                    // nil: the system's
	Hook     func(Event)                                                              // called with each Event in order, without locks; may be nil
	Listen   func(ctx context.Context, network, address string) (net.Listener, error) // nil: the system's
	Seed     uint64                                                                   // of ids, tokens and records
	Settings Settings                                                                 // limits; zero: as documented
	BaseURL  string                                                                   // what tokens carry; empty: https and the listener's address
	Hosts    []string                                                                 // names and IPs in the certificate beside the listener's
}

// Start serves the API over HTTPS on a TCP address until Close.
func (s *Server) Start(address string) error { panic("TODO") }

// Addr returns where the API listens; nil before Start.
func (s *Server) Addr() net.Addr { panic("TODO") }

// URL returns the base of the API's addresses, without a trailing slash.
func (s *Server) URL() string { panic("TODO") }

// CA returns a pool with the authority that certifies the server.
func (s *Server) CA() *x509.CertPool { panic("TODO") }

// CAPEM returns the certificate of that authority in PEM.
func (s *Server) CAPEM() []byte { panic("TODO") }

// Close stops the service and returns when its goroutines have ended.
func (s *Server) Close() error { panic("TODO") }

// Handler returns the API alone, to be served by other means than Start.
func (s *Server) Handler() http.Handler { panic("TODO") }

// Tenant returns the tenant that the server serves.
func (s *Server) Tenant() *Tenant { panic("TODO") }

// Inject makes a fault take hold and returns its id.
func (s *Server) Inject(f Fault) (id string, err error) { panic("TODO") }

// Heal ends the fault with that id, or every fault of that name. A fault that
// is unknown, or healed already, is an error.
func (s *Server) Heal(idOrName string) error { panic("TODO") }

// HealAll ends every fault.
func (s *Server) HealAll() { panic("TODO") }

// Faults returns the faults that hold, in order of injection.
func (s *Server) Faults() []Fault { panic("TODO") }

// FaultNames returns the names that Inject knows, sorted.
func FaultNames() []string { panic("TODO") }

// Validate says what is wrong with f, and what was expected there.
func (f Fault) Validate() error { panic("TODO") }
