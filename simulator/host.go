package simulator

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"syscall"
	"time"

	"siemdrill/agent/stepped"
)

// hosted is the site of a part of the Lab that has a machine of its own: its
// time is stepped, its network is the machine's.
type hosted struct {
	*stepped.Membership
	seed uint64
}

// parts are what a host can be, and how each begins. The handler is its control
// API.
var parts = map[string]func(h *hosted, arguments []string) (http.Handler, io.Closer, error){
	"service":  beService,
	"receiver": beReceiver,
	"names":    beNames,
	"proxy":    beProxy,
	"nobody":   beNobody,
}

const hostUsage = `host -clock listen:ADDRESS -control :PORT [-seed N] PART [ARGUMENT ...]
host checkpoint DIRECTORY DAMAGE

A machine of siemdrill's container runner, which is the one that calls it. PART is
service, receiver, names (arguments: NAME=ADDRESS), proxy or nobody. Its time stands
still until a coordinator comes to -clock; its control API is on -control.
`

// RunHost is the command host until ctx is done; it returns the exit status: 1 if
// it could not run, 2 if the call is wrong.
func RunHost(ctx context.Context, args []string, stderr io.Writer) int {
	flags := flag.NewFlagSet("host", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() { io.WriteString(stderr, hostUsage) }
	clock := flags.String("clock", "", "")
	control := flags.String("control", "", "")
	seed := flags.Uint64("seed", 1, "")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	err := runHost(ctx, *clock, *control, *seed, flags.Args())
	if err == nil {
		return 0
	}
	fmt.Fprintf(stderr, "host: %v\n", err)
	if errors.Is(err, errHostCall) {
		return 2
	}
	return 1
}

var errHostCall = errors.New("wrong call")

func runHost(ctx context.Context, clock, control string, seed uint64, words []string) error {
	if len(words) == 3 && words[0] == "checkpoint" {
		return damageCheckpoint(words[1], words[2])
	}
	if len(words) == 0 || parts[words[0]] == nil {
		return fmt.Errorf("%w: expected one of: %s", errHostCall, list(slices.Sorted(maps.Keys(parts))))
	}
	listener, err := net.Listen("tcp", control) // before the coordinator comes: who has come to the one finds the other
	if err != nil {
		return fmt.Errorf("-control: %w", err)
	}
	defer listener.Close()
	member, err := stepped.Join(clock, func(error) { os.Exit(0) }) // the Lab is over
	if err != nil {
		return fmt.Errorf("-clock: %w", err)
	}
	handler, closer, err := parts[words[0]](&hosted{member, seed}, words[1:])
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("/", handler)
	mux.HandleFunc("GET /healthz", doing(func() error { return nil }))
	mux.HandleFunc("POST /host/reach", reach)
	server := &http.Server{Handler: guarded(listener.Addr(), mux)}
	go server.Serve(listener)
	<-ctx.Done()
	return errors.Join(server.Close(), closer.Close())
}

// guarded lets through what a program sends that was told the address, and nothing
// that a web page does.
func guarded(address net.Addr, next http.Handler) http.Handler {
	_, port, _ := net.SplitHostPort(address.String())
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Host != "localhost:"+port || r.Header.Get("Origin") != "" {
			http.Error(w, "Host: expected localhost:"+port+", and no Origin", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (h *hosted) now() time.Time                      { return h.Now() }
func (h *hosted) afterFunc(d time.Duration, f func()) { h.AfterFunc(d, f) }
func (h *hosted) clock() clock                        { return h.Membership }
func (h *hosted) host(word string) string             { return names[word] }
func (h *hosted) port(n int) int                      { return n }

func (h *hosted) place(string) place {
	return place{
		listen: func(ctx context.Context, _, address string) (net.Listener, error) {
			l, err := h.Listen(ctx, address)
			if err != nil {
				return nil, err
			}
			return l, nil
		},
		listenPacket: func(_ context.Context, _, address string) (net.PacketConn, error) {
			c, err := h.ListenPacket(address)
			if err != nil {
				return nil, err
			}
			return c, nil
		},
		dial: h.dial,
	}
}

// dial connects to a name or an address.
func (h *hosted) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	all, err := h.Lookup(ctx, host)
	if err != nil {
		return nil, err
	}
	return h.Dial(netip.Addr{})(ctx, network, net.JoinHostPort(all[0].String(), port))
}

// answerJSON answers a request of the host's own API.
func answerJSON(w http.ResponseWriter, v any, err error) {
	w.Header().Set("Content-Type", "application/json")
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		v = map[string]string{"error": err.Error()}
	}
	_ = json.NewEncoder(w).Encode(v)
}

// doing is a request that does something and has no arguments.
func doing(do func() error) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, struct{}{}, do()) }
}

// reachLimit is how long, in real time, a network may take to carry something
// after a machine was attached to it.
const reachLimit = 10 * time.Second

// reach answers once the machine at an address has answered, if only that
// nobody listens there.
func reach(w http.ResponseWriter, r *http.Request) {
	var address string
	err := json.NewDecoder(r.Body).Decode(&address)
	for began := time.Now(); err == nil; {
		var conn net.Conn
		conn, err = net.DialTimeout("tcp", address, reachLimit/100)
		if err == nil {
			err = conn.Close()
			break
		}
		if errors.Is(err, syscall.ECONNREFUSED) {
			err = nil
			break
		}
		if time.Since(began) < reachLimit {
			err = nil
		}
	}
	answerJSON(w, struct{}{}, err)
}

// nothing has nothing to close.
type nothing struct{}

func (nothing) Close() error { return nil }

// beNobody is a machine that refuses whatever comes.
func beNobody(*hosted, []string) (http.Handler, io.Closer, error) {
	return http.NotFoundHandler(), nothing{}, nil
}
