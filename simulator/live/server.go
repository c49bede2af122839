package live

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"
)

// Server serves a Session's page and API, and the portal beside it. Set the
// fields, then Start.
type Server struct {
	Session *Session

	page, portal string // addresses, once it was started
	servers      []*http.Server
	serving      sync.WaitGroup
}

// Start serves the page and API at one address, and the portal at another: of
// this machine's, loopback unless it is said otherwise (":8642" is loopback).
func (s *Server) Start(page, portal string) error {
	pages, err := listen(page)
	if err != nil {
		return err
	}
	portals, err := listen(portal)
	if err != nil {
		pages.Close()
		return err
	}
	s.page, s.portal = pages.Addr().String(), portals.Addr().String()
	handler, err := s.Handler()
	if err != nil {
		pages.Close()
		portals.Close()
		return err
	}
	s.serve(pages, guarded(handler, s.page))
	s.serve(portals, guarded(s.Session.portal(), s.portal))
	return nil
}

// PageURL is where the page is, and PortalURL the portal.
func (s *Server) PageURL() string   { return "http://" + s.page + "/" }
func (s *Server) PortalURL() string { return "http://" + s.portal + "/" }

// Handler is the page and the API, without the guard of Start.
func (s *Server) Handler() (http.Handler, error) {
	mux := http.NewServeMux()
	s.Session.api(mux)
	return mux, s.pages(mux)
}

func (s *Server) serve(listener net.Listener, handler http.Handler) {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	s.servers = append(s.servers, server)
	s.serving.Go(func() { _ = server.Serve(listener) })
}

// Close ends it all at once.
func (s *Server) Close() error {
	var errs []error
	for _, server := range s.servers {
		errs = append(errs, server.Close())
	}
	s.serving.Wait()
	return errors.Join(errs...)
}

// listen listens at HOST:PORT, or at :PORT of the loopback.
func listen(address string) (net.Listener, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("%q: expected HOST:PORT or :PORT", address)
	}
	if host == "" {
		host = "127.0.0.1"
	}
	if ip, err := netip.ParseAddr(host); err == nil && ip.IsUnspecified() {
		return nil, fmt.Errorf("%q: expected one address of this machine: whoever can reach this can play the Lab", address)
	}
	return new(net.ListenConfig).Listen(context.Background(), "tcp", net.JoinHostPort(host, port))
}
