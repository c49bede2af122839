package simulator

import (
	"bytes"
	"strings"

	"siemdrill/fakesyslog"
)

// remoteReceiver is a syslog server on a machine of its own.
type remoteReceiver struct {
	remoteFaults
	read    int // bytes taken so far of what it has printed
	entries []fakesyslog.Entry
}

func (r *remoteReceiver) arrivals() []fakesyslog.Entry { return r.entries }

// lines is none: the control API doesn't give them.
func (r *remoteReceiver) lines() []string { return nil }

func (r *remoteReceiver) inject(f fault) error { return r.injectAs(fakesyslog.Fault(f), f.Name) }

// news is what has happened since it was last asked for. It is read from what
// the server has printed, which outlives a server that is killed.
func (r *remoteReceiver) news() ([]Event, error) {
	printed, _, err := r.machine.Printed()
	if err != nil {
		return nil, err
	}
	whole := printed[r.read : strings.LastIndexByte(printed, '\n')+1]
	r.read += len(whole)
	var text []byte
	for line := range bytes.Lines([]byte(whole)) {
		if !bytes.HasPrefix(line, []byte(`{"listening"`)) { // where it listens: the first line of each start
			text = append(text, line...)
		}
	}
	all, err := events(text)
	for _, e := range all {
		if place, is := placeOf(e); is {
			r.entries = append(r.entries, fakesyslog.Entry{ID: e.Record, Place: place, Connection: e.Connection, Time: e.T})
		}
	}
	return all, err
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
