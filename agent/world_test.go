package agent

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"siemdrill/agent/console"
	"siemdrill/agent/internal/wiretest"
)

// world is what surrounds an agent in a test: the service, and receivers by
// address. Its behaviour is changed while the agent runs.
type world struct {
	t           *testing.T
	roots       *x509.CertPool
	certificate tls.Certificate // of the service
	server      *http.Server
	accepted    chan net.Conn
	stopped     chan struct{}
	settings    Settings
	proxy       string
	token       string
	clock       Clock
	silent      bool          // connections don't tell what is acknowledged
	refuses     func() bool   // whether the receiver does just now
	far         time.Duration // how far away it is
	source      console.Source
	renew       func() string

	mu            sync.Mutex
	only          string // the token that is taken; empty: any
	status        int    // of console answers; 0: as it should be
	refusal       int    // the same, of answers to pulls of activities
	asked         string // the last of these pulls
	alertPulls    int
	configuration console.Configuration
	claimed       string  // the version in the answer to a contact; empty: the configuration's
	records       []int64 // activities, by the time they were created
	contacts      []console.Contact
	pulls         int
	dials         int
	receivers     map[string]func(end *wiretest.End) // nil: refuses
	received      []string
	events        []Event
	printed       output
	logged        output
}

// output is what an agent writes, read while it may still write.
type output struct {
	mu      sync.Mutex
	written bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.written.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.written.String()
}

func newWorld(t *testing.T) *world {
	var random [32]byte
	w := &world{
		t: t, accepted: make(chan net.Conn), stopped: make(chan struct{}),
		token:    console.NewToken("https://contoso.example", random),
		settings: Settings{CheckpointDirectory: t.TempDir()},
	}
	w.configuration = console.DefaultConfiguration()
	w.configuration.Agent, w.configuration.Tenant, w.configuration.Version = "0123456789abcdef01234567", "contoso", "v1"
	w.configuration.Remote = console.Remote{Host: "syslog.example", Port: 514, Protocol: console.TCP}
	w.receivers = map[string]func(*wiretest.End){"192.0.2.1:514": w.readAll}
	w.certificate = w.newCertificate()
	w.server = &http.Server{Handler: w.handler(), ErrorLog: log.New(io.Discard, "", 0)}
	go w.server.Serve(tls.NewListener(w, &tls.Config{Certificates: []tls.Certificate{w.certificate}}))
	t.Cleanup(func() { w.server.Close(); <-w.stopped })
	return w
}

func (w *world) newCertificate() tls.Certificate {
	key, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(10000 * time.Hour),
		DNSNames: []string{"contoso.example"}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		w.t.Fatal(err)
	}
	parsed, _ := x509.ParseCertificate(der)
	w.roots = x509.NewCertPool()
	w.roots.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// Accept, Close and Addr make the world the listener of its service.
func (w *world) Accept() (net.Conn, error) {
	select {
	case conn := <-w.accepted:
		return conn, nil
	case <-w.stopped:
		return nil, net.ErrClosed
	}
}

func (w *world) Close() error {
	close(w.stopped)
	return nil
}

func (w *world) Addr() net.Addr { return nil }

// lookup knows two names.
func (w *world) lookup(_ context.Context, host string) ([]netip.Addr, error) {
	address, found := map[string]string{"contoso.example": "192.0.2.10", "syslog.example": "192.0.2.1"}[host]
	if !found {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	return []netip.Addr{netip.MustParseAddr(address)}, nil
}

func (w *world) dial(ctx context.Context, network, address string) (net.Conn, error) {
	w.mu.Lock()
	w.dials++
	here, there := wiretest.Pair(fmt.Sprintf("192.0.2.9:%d", 40000+w.dials), address)
	receiver := w.receivers[address]
	w.mu.Unlock()
	switch {
	case address == "192.0.2.10:443":
		select {
		case w.accepted <- there:
			return here, nil
		case <-w.stopped:
		case <-ctx.Done():
		}
	case network == "udp":
		return &datagrams{Conn: here, world: w}, nil
	case receiver != nil && !(w.refuses != nil && w.asks(w.refuses)):
		go receiver(there)
		switch {
		case w.silent:
			return silentConn{here}, nil
		case w.far > 0:
			return &farConn{here, w.far}, nil
		}
		return here, nil
	}
	return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
}

// readAll is a receiver that does what it should.
func (w *world) readAll(end *wiretest.End) {
	lines := bufio.NewScanner(end)
	for lines.Scan() {
		w.do(func() { w.received = append(w.received, lines.Text()) })
	}
	end.Close()
}

func (w *world) asks(f func() bool) (yes bool) {
	w.do(func() { yes = f() })
	return yes
}

func (w *world) do(f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f()
}

func (w *world) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+console.ConfigurationPath, func(rw http.ResponseWriter, _ *http.Request) {
		w.answer(rw, func() any {
			rw.Header().Set("ETag", `"`+w.configuration.Version+`"`)
			return w.configuration
		})
	})
	mux.HandleFunc("POST "+console.ContactPath, func(rw http.ResponseWriter, r *http.Request) {
		var contact console.Contact
		json.NewDecoder(r.Body).Decode(&contact)
		w.answer(rw, func() any {
			w.contacts = append(w.contacts, contact)
			return console.ContactAnswer{Now: time.Now(), ConfigurationVersion: cmp.Or(w.claimed, w.configuration.Version)}
		})
	})
	mux.HandleFunc("POST /api/v1/activities/", func(rw http.ResponseWriter, r *http.Request) {
		var query struct {
			Filters struct {
				Created struct{ GTE, LT int64 } `json:"created"`
			}
		}
		body, _ := io.ReadAll(r.Body)
		json.Unmarshal(body, &query)
		w.do(func() {
			w.asked = string(body)
			if w.refusal != 0 {
				rw.WriteHeader(w.refusal)
				return
			}
			json.NewEncoder(rw).Encode(map[string]any{"data": w.between(query.Filters.Created.GTE, query.Filters.Created.LT), "hasNext": false})
		})
	})
	mux.HandleFunc("POST /api/v1/alerts/", func(rw http.ResponseWriter, _ *http.Request) {
		w.do(func() { w.alertPulls++ })
		json.NewEncoder(rw).Encode(map[string]any{"data": []any{}, "hasNext": false, "total": 0})
	})
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		refused := false
		w.do(func() { refused = w.only != "" && r.Header.Get("Authorization") != "Token "+w.only })
		if refused {
			rw.WriteHeader(http.StatusUnauthorized)
			return
		}
		mux.ServeHTTP(rw, r)
	})
}

func (w *world) answer(rw http.ResponseWriter, f func() any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.status != 0 {
		rw.WriteHeader(w.status)
		return
	}
	body := f()
	json.NewEncoder(rw).Encode(body)
}

// between is the activities from one instant until before another; 0 is never.
func (w *world) between(from, before int64) []any {
	w.pulls++
	page := []any{}
	for i, at := range w.records {
		if at >= from && (before == 0 || at < before) {
			page = append(page, map[string]any{"_id": id(i), "created": at, "timestamp": at, "description": "x"})
		}
	}
	return page
}

func id(i int) string { return fmt.Sprintf("record-%06d", i) }

// add makes n activities, a millisecond apart and ending now.
func (w *world) add(n int) {
	w.do(func() {
		for i := range n {
			w.records = append(w.records, time.Now().UnixMilli()-int64(n-i))
		}
	})
}

// config is that of an agent in w.
func (w *world) config() Config {
	return Config{
		Token: w.token, Proxy: w.proxy, Source: w.source, Renew: w.renew, Settings: w.settings, Dial: w.dial, Lookup: w.lookup, Clock: w.clock, RootCAs: w.roots,
		Console: &w.printed, Logger: slog.New(slog.NewTextHandler(&w.logged, nil)), Machine: "machine", Version: "1",
		Hook: func(e Event) { w.do(func() { w.events = append(w.events, e) }) },
	}
}

// start runs an agent; stop ends it and returns what Run did. The test's end
// stops it too.
func (w *world) start() (stop func() error) {
	a, err := New(w.config())
	if err != nil {
		w.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	result := make(chan error, 1)
	go func() { result <- a.Run(ctx) }()
	stop = sync.OnceValue(func() error {
		cancel()
		return <-result
	})
	w.t.Cleanup(func() { stop() }) // a failed test leaves no goroutine either
	return stop
}

// tally is how often each record was received.
func (w *world) tally() (lost, duplicates int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	seen := map[string]int{}
	for _, line := range w.received {
		_, rest, _ := strings.Cut(line, "externalId=")
		seen[strings.Fields(rest)[0]]++
	}
	for i := range w.records {
		switch n := seen[id(i)]; {
		case n == 0:
			lost++
		default:
			duplicates += n - 1
		}
	}
	return lost, duplicates
}

// reported is the ids in each contact, a set once while it stays the same.
func (w *world) reported() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var sets []string
	for _, c := range w.contacts {
		var ids []string
		for _, n := range c.Notifications {
			ids = append(ids, string(n.ID))
		}
		sets = append(sets, strings.Join(ids, " "))
	}
	return slices.Compact(sets)
}

// made is how many pulls of activities and how many contacts there were.
func (w *world) made() (pulls, contacts int) {
	w.do(func() { pulls, contacts = w.pulls, len(w.contacts) })
	return pulls, contacts
}

// datagrams is a receiver over UDP; like the kernel's, such a connection does
// not tell what is acknowledged.
type datagrams struct {
	net.Conn
	world *world
}

func (d *datagrams) Write(b []byte) (int, error) {
	d.world.do(func() { d.world.received = append(d.world.received, string(b)) })
	return len(b), nil
}
