package fakecas

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"

	. "github.com/onsi/gomega"

	"siemdrill/agent/console"
)

// world is a server with a client, over connections in memory, so that it can
// stand in a bubble.
type world struct {
	*WithT
	*Server
	client *http.Client
	token  string
	agent  string
	events recorder
	portal http.Handler // nil until it is asked for
}

// recorder keeps the Events of a server.
type recorder struct {
	mu   sync.Mutex
	list []Event
}

func (r *recorder) take(e Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = append(r.list, e)
}

// of returns the details of the Events of a kind.
func (r *recorder) of(kind string) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var details []string
	for _, e := range r.list {
		if e.Kind == kind {
			details = append(details, e.Detail)
		}
	}
	return details
}

func (r *recorder) all(kind string) []Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	var events []Event
	for _, e := range r.list {
		if e.Kind == kind {
			events = append(events, e)
		}
	}
	return events
}

// newWorld starts a server with one agent and no throttle; change sets more.
func newWorld(t testing.TB, change ...func(*Server)) *world {
	w := &world{WithT: NewWithT(t)}
	lines := &memory{}
	w.Server = &Server{Listen: lines.listen, Hook: w.events.take, Seed: 1, Settings: Settings{RequestsPerMinute: -1}}
	for _, c := range change {
		c(w.Server)
	}
	w.Expect(w.Start("192.0.2.1:443")).To(Succeed())
	transport := &http.Transport{
		DialContext:       lines.dial,
		TLSClientConfig:   &tls.Config{RootCAs: w.CA()},
		ForceAttemptHTTP2: true,
	}
	w.client = &http.Client{Transport: transport}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		w.Expect(w.Close()).To(Succeed())
	})
	a, err := w.Tenant().AddAgent(configured("drill"))
	w.Expect(err).NotTo(HaveOccurred())
	w.token, w.agent = a.Token, a.ID
	return w
}

func configured(name string) console.Configuration {
	c := console.DefaultConfiguration()
	c.Name = name
	c.Remote.Host, c.Remote.Port = "siem.contoso.test", 514
	return c
}

// response is an answer with its body read.
type response struct {
	status int
	header http.Header
	body   []byte
	err    error
}

// json decodes the body.
func (r response) json(g *WithT) map[string]any {
	var v map[string]any
	g.ExpectWithOffset(1, json.Unmarshal(r.body, &v)).To(Succeed(), "body: %.300s", r.body)
	return v
}

// detail is the reason in an error answer.
func (r response) detail(g *WithT) string {
	d, _ := r.json(g)["detail"].(string)
	return d
}

// do sends a request with the world's token; a body that is not text is sent
// as JSON.
func (w *world) do(method, path string, body any, header ...string) response {
	var reader io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		reader = bytes.NewReader([]byte(b))
	default:
		raw, err := json.Marshal(b)
		w.Expect(err).NotTo(HaveOccurred())
		reader = bytes.NewReader(raw)
	}
	r, err := http.NewRequest(method, w.URL()+path, reader)
	w.Expect(err).NotTo(HaveOccurred())
	r.Header.Set("Authorization", "Token "+w.token)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	answer, err := w.client.Do(r)
	if err != nil {
		return response{err: err}
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	return response{answer.StatusCode, answer.Header, raw, err}
}

// ids returns the ids of the records in an answer.
func (w *world) ids(r response) []string {
	w.ExpectWithOffset(1, r.err).NotTo(HaveOccurred())
	w.ExpectWithOffset(1, r.status).To(Equal(200), "body: %.300s", r.body)
	ids := []string{}
	for _, v := range r.json(w.WithT)["data"].([]any) {
		ids = append(ids, v.(map[string]any)["_id"].(string))
	}
	return ids
}

// contact sends an agent's sign of life.
func (w *world) contact(notifications ...console.Notification) response {
	return w.do("POST", console.ContactPath, console.Contact{Version: "1", Machine: "box", Notifications: notifications})
}

// memory is a network of pipes.
type memory struct {
	mu        sync.Mutex
	listeners map[string]*pipes
}

func (m *memory) listen(_ context.Context, network, address string) (net.Listener, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	l := &pipes{address: named(address), conns: make(chan net.Conn), done: make(chan struct{})}
	if m.listeners == nil {
		m.listeners = map[string]*pipes{}
	}
	m.listeners[address] = l
	return l, nil
}

func (m *memory) dial(ctx context.Context, network, address string) (net.Conn, error) {
	m.mu.Lock()
	l := m.listeners[address]
	m.mu.Unlock()
	if l == nil {
		return nil, &net.OpError{Op: "dial", Net: network, Err: net.UnknownNetworkError("no listener at " + address)}
	}
	near, far := newPair(address)
	select {
	case l.conns <- far:
		return near, nil
	case <-l.done:
		return nil, &net.OpError{Op: "dial", Net: network, Err: net.ErrClosed}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

type pipes struct {
	address net.Addr
	conns   chan net.Conn
	done    chan struct{}
	once    sync.Once
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error { p.once.Do(func() { close(p.done) }); return nil }

func (p *pipes) Addr() net.Addr { return p.address }

func contains(b []byte, s string) bool { return bytes.Contains(b, []byte(s)) }
