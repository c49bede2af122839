package fakesyslog

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// scope is what a kind of fault happens to, and so what its Target, First,
// Every and After can mean.
type scope int

const (
	ofConnections scope = iota
	ofListeners
	ofDatagrams
	ofNames
)

// kind is a row of the table of faults.
type kind struct {
	name  string
	scope scope
	does  string // one line for a list of faults
	make  func(*arguments) effect
}

// kinds is the table of faults, in alphabetical order.
var kinds = []kind{
	{"accept-reset", ofConnections, "accepts a connection and breaks it at once with RST", newAcceptReset},
	{"bandwidth", ofConnections, "reads all connections together at rate bytes a second", newBandwidth},
	{"black-hole", ofListeners, "lets the kernel drop what comes: a SYN stays unanswered; established=true silences standing connections", newBlackHole},
	{"close", ofConnections, "closes with FIN; a sender's next write seems to succeed", newClose},
	{"crash", ofListeners, "ends listener and connections as kill -9 does, with taken=true also with what latency delays; healing starts it again", newCrash},
	{"cut", ofConnections, "breaks a connection with=reset|close after at bytes of a message", newCut},
	{"full-backlog", ofListeners, "accepts nothing; when the kernel's queue is full, SYNs vanish", newFullBacklog},
	{"half-close", ofConnections, "sends FIN and reads on", newHalfClose},
	{"idle-kill", ofConnections, "ends connections that are idle for idle, with=silence|reset|close", newIdleKill},
	{"latency", ofConnections, "handles what comes after delay and up to jitter more", newLatency},
	{"long-line", ofConnections, "closes when a message is longer than limit bytes", newLongLine},
	{"moved", ofListeners, "listens at to instead; the old address does old=refuse|black-hole|swallow", newMoved},
	{"name-failing", ofNames, "answers questions for a name with a server failure", newNameFailing},
	{"name-silent", ofNames, "doesn't answer questions for a name", newNameSilent},
	{"name-stale", ofNames, "answers questions for a name with an address that it had before", newNameStale},
	{"name-unknown", ofNames, "answers that a name does not exist", newNameUnknown},
	{"refuse", ofListeners, "closes the listener: RST for a SYN, ICMP for a datagram; established=true resets standing connections", newRefuse},
	{"reset", ofConnections, "breaks connections with RST", newReset},
	{"slow-accept", ofListeners, "lets pause pass between one accept and the next", newSlowAccept},
	{"slow-read", ofConnections, "reads each connection at rate bytes a second", newSlowRead},
	{"stall", ofConnections, "stops reading, so that the window closes", newStall},
	{"tls-client-certificate", ofConnections, "demands a client certificate", newTLSClientCertificate},
	{"tls-expired", ofConnections, "shows a certificate that has expired", newTLSExpired},
	{"tls-hang", ofConnections, "never answers a client's hello", newTLSHang},
	{"tls-old-version", ofConnections, "offers nothing newer than TLS version=1.1|1.0", newTLSOldVersion},
	{"tls-unknown-ca", ofConnections, "shows a certificate of an unknown authority", newTLSUnknownCA},
	{"tls-wrong-name", ofConnections, "shows a certificate for another name", newTLSWrongName},
	{"udp-drop", ofDatagrams, "loses percent of the datagrams", newUDPDrop},
	{"udp-duplicate", ofDatagrams, "delivers each datagram copies times more", newUDPDuplicate},
	{"udp-reorder", ofDatagrams, "delivers each datagram behind so many later ones", newUDPReorder},
	{"udp-truncate", ofDatagrams, "keeps the first keep bytes of each datagram", newUDPTruncate},
}

// FaultNames lists the faults that Inject knows, in alphabetical order.
func FaultNames() []string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = k.name
	}
	return names
}

// FaultKind is a fault that Inject knows, and what it does.
type FaultKind struct {
	Name, Does string
	Args       []string // names of its arguments
}

// FaultKinds lists the faults that Inject knows, in alphabetical order.
func FaultKinds() []FaultKind {
	list := make([]FaultKind, len(kinds))
	for i, k := range kinds {
		a := &arguments{}
		k.build(a)
		list[i] = FaultKind{k.name, k.does, a.known}
	}
	return list
}

func (f Fault) kind() (kind, error) {
	for _, k := range kinds {
		if k.name == f.Name {
			return k, nil
		}
	}
	return kind{}, fmt.Errorf("unknown fault %q, expected one of %s", f.Name, strings.Join(FaultNames(), ", "))
}

// Validate says what is wrong with the fault and what was expected.
func (f Fault) Validate() error {
	_, _, err := f.build()
	return err
}

// build makes the fault's effect and says whether After counts bytes.
func (f Fault) build() (effect, bool, error) {
	k, err := f.kind()
	if err != nil {
		return effect{}, false, err
	}
	a := &arguments{args: f.Args}
	e, inBytes := k.build(a)
	if err := errors.Join(f.check(k), a.err()); err != nil {
		return effect{}, false, fmt.Errorf("fault %s: %s", f.Name, strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	return e, inBytes, nil
}

// build makes an effect of arguments, of which it asks for every one that it
// knows, and says whether After counts bytes.
func (k kind) build(a *arguments) (effect, bool) {
	inBytes := k.scope == ofConnections && a.choice("unit", "messages", "bytes") == "bytes"
	return k.make(a), inBytes
}

// check finds settings that the kind of fault has no meaning for.
func (f Fault) check(k kind) error {
	var errs []error
	for _, n := range []struct {
		name  string
		value int
	}{{"first", f.First}, {"every", f.Every}, {"after", f.After}} {
		if n.value < 0 {
			errs = append(errs, fmt.Errorf("%s is %d, expected 0 or more", n.name, n.value))
		}
	}
	if f.For < 0 {
		errs = append(errs, fmt.Errorf("for is %s, expected a duration that is not negative", f.For))
	}
	if k.scope == ofListeners {
		if f.First != 0 || f.Every != 0 {
			errs = append(errs, errors.New("first and every choose connections, and it has none to choose: the kernel answers before a connection exists"))
		}
		if f.Target != "" && f.Target != "all" {
			errs = append(errs, fmt.Errorf("target is %q, expected none or all: the kernel answers every client alike", f.Target))
		}
	}
	return errors.Join(errs...)
}

// String is the fault on one line, as ParseFault reads it.
func (f Fault) String() string {
	var b strings.Builder
	b.WriteString(f.Name)
	add := func(name string, value any, given bool) {
		if given {
			fmt.Fprintf(&b, " %s=%v", name, value)
		}
	}
	add("id", f.ID, f.ID != "")
	add("target", f.Target, f.Target != "")
	add("where", f.Where, f.Where != "")
	add("first", f.First, f.First != 0)
	add("every", f.Every, f.Every != 0)
	add("after", f.After, f.After != 0)
	add("for", f.For, f.For != 0)
	add("seed", f.Seed, f.Seed != 0)
	for _, name := range slices.Sorted(maps.Keys(f.Args)) {
		add(name, f.Args[name], true)
	}
	return b.String()
}
