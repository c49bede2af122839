package simulator

import (
	"fmt"

	"siemdrill/fakesyslog"
)

// remoteReceiver is a syslog server on a machine of its own.
type remoteReceiver struct {
	remoteFaults
	seen    int // events taken so far
	entries []fakesyslog.Entry
}

func (r *remoteReceiver) arrivals() []fakesyslog.Entry { return r.entries }

func (r *remoteReceiver) lines() []string {
	var all []string
	if err := r.ask("GET", "/host/lines", nil, &all); err != nil {
		*r.problem = err
	}
	return all
}

func (r *remoteReceiver) restart(kind receiverKind) error {
	return r.ask("POST", "/host/receiver", kind, nil)
}

// authority is whom to trust over TLS, in PEM.
func (r *remoteReceiver) authority() ([]byte, error) { return r.fetch("GET", "/host/ca", nil) }

func (r *remoteReceiver) inject(f fault) error { return r.injectAs(fakesyslog.Fault(f), f.Name) }

// news is what has happened since it was last asked for.
func (r *remoteReceiver) news() ([]Event, error) {
	all, err := r.since(&r.seen)
	for _, e := range all {
		if place, is := placeOf(e); is {
			r.entries = append(r.entries, fakesyslog.Entry{ID: e.Record, Place: place, Connection: e.Connection, Time: e.T})
		}
	}
	return all, err
}

// since is what has happened after the event numbered seen, which becomes the
// last one.
func (c remoteControl) since(seen *int) ([]Event, error) {
	text, err := c.fetch("GET", fmt.Sprintf("/v1/history?after=%d", *seen), nil)
	if err != nil {
		return nil, err
	}
	all, err := events(text)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	if all[0].Seq != *seen+1 {
		return nil, fmt.Errorf("the history has lost events %d to %d", *seen+1, all[0].Seq-1)
	}
	*seen = all[len(all)-1].Seq
	return all, nil
}

// placeOf is where the receiver last saw a message, if the event is of one.
func placeOf(e Event) (fakesyslog.Place, bool) {
	switch e.Kind {
	case fakesyslog.KindLine:
		return fakesyslog.Parsed, true
	case fakesyslog.KindRejected:
		return fakesyslog.Rejected, true
	case fakesyslog.KindTruncated:
		return fakesyslog.Truncated, true
	}
	return "", false
}
