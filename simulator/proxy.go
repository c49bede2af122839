package simulator

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
)

// proxyHost is the machine of the customer's proxy, wherever it runs.
type proxyHost interface {
	start() error   // the proxy
	balance() error // the load balancer
	stop() error    // both
	demand(login string) error
	inspect() error
	connected() int // tunnels made so far
}

// ownProxy is in this process.
type ownProxy struct {
	site     site
	proxy    proxy
	balancer balancer
}

func (p *ownProxy) start() error {
	p.proxy.place = p.site.place("proxy")
	return p.proxy.start(fmt.Sprintf(":%d", proxyPort))
}

func (p *ownProxy) balance() error {
	p.balancer.site = p.site
	return p.balancer.start()
}

func (p *ownProxy) stop() error {
	p.proxy.stop()
	p.balancer.stop()
	return nil
}

func (p *ownProxy) demand(login string) error {
	p.proxy.demand(login)
	return nil
}

func (p *ownProxy) inspect() error {
	own, err := strangersCertificate(serviceName, p.site.now())
	if err == nil {
		p.proxy.inspect(own)
	}
	return err
}

func (p *ownProxy) connected() int { return p.proxy.connected() }

// proxy is the customer's HTTP proxy: it connects (RFC 9110, section 9.3.6) to
// wherever it is asked, and may demand a login or look into what passes.
type proxy struct {
	place  place
	server *http.Server

	mu        sync.Mutex
	login     string           // "Basic …" that it demands; empty: none
	intercept *tls.Certificate // presented in place of every server's own; nil: none
	tunnels   map[net.Conn]bool
	connects  int // tunnels made so far
	running   sync.WaitGroup
}

// start listens at address.
func (p *proxy) start(address string) error {
	l, err := p.place.listen(context.Background(), "tcp", address)
	if err != nil {
		return err
	}
	p.tunnels = map[net.Conn]bool{}
	p.server = &http.Server{Handler: http.HandlerFunc(p.serve)}
	p.running.Go(func() { p.server.Serve(l) })
	return nil
}

// stop closes the port and every tunnel. A proxy that was stopped may be
// started again.
func (p *proxy) stop() {
	if p.server == nil {
		return
	}
	p.server.Close()
	p.mu.Lock()
	for c := range p.tunnels {
		c.Close()
	}
	p.mu.Unlock()
	p.running.Wait()
	p.server = nil
}

func (p *proxy) serve(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	login, intercept := p.login, p.intercept
	p.mu.Unlock()
	switch {
	case r.Method != http.MethodConnect:
		http.Error(w, "this proxy only connects", http.StatusMethodNotAllowed)
		return
	case login != "" && r.Header.Get("Proxy-Authorization") != login:
		w.Header().Set("Proxy-Authenticate", `Basic realm="contoso"`)
		http.Error(w, "this proxy wants a login", http.StatusProxyAuthRequired)
		return
	}
	far, err := p.place.dial(r.Context(), "tcp", r.Host)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	near, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		far.Close()
		return
	}
	io.WriteString(near, "HTTP/1.1 200 Connection established\r\n\r\n")
	if intercept != nil {
		near = tls.Server(near, &tls.Config{Certificates: []tls.Certificate{*intercept}})
	}
	p.tunnel(near, far)
}

// tunnel copies both ways until both ends have ended.
func (p *proxy) tunnel(near, far net.Conn) {
	p.mu.Lock()
	p.tunnels[near], p.tunnels[far] = true, true
	p.connects++
	p.mu.Unlock()
	pass := func(to, from net.Conn) {
		io.Copy(to, from)
		to.Close()
		from.Close()
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.tunnels, to)
	}
	p.running.Go(func() { pass(near, far) })
	p.running.Go(func() { pass(far, near) })
}

// demand makes the proxy ask for a login; "" ends that.
func (p *proxy) demand(login string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.login = login
}

// inspect makes the proxy present a certificate of its own; nil ends that.
func (p *proxy) inspect(own *tls.Certificate) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.intercept = own
}

func (p *proxy) connected() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.connects
}
