package fakesyslog

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"
)

// maxDatagram is the largest payload that UDP can carry, rounded up.
const maxDatagram = 64 << 10

func (l *listener) openPacket() (net.Addr, error) {
	listen := l.s.ListenPacket
	if listen == nil {
		listen = (&net.ListenConfig{}).ListenPacket
	}
	pc, err := listen(context.Background(), "udp"+l.family, l.address)
	if err != nil {
		return nil, err
	}
	if b, ok := pc.(interface{ SetReadBuffer(int) error }); ok {
		b.SetReadBuffer(packetBuffer) // the kernel grants what it may
	}
	up, err := l.s.packetRelay()
	if err != nil {
		pc.Close()
		return nil, err
	}
	l.pc = pc
	p := &packets{l: l, up: up, labels: map[string]string{}}
	l.s.running.Go(func() { p.run(pc) })
	return pc.LocalAddr(), nil
}

// packetBuffer is asked of the kernel, so that a burst is not lost while the
// program is busy.
const packetBuffer = 4 << 20

// packets reads the datagrams of one socket: one message each (RFC 5426,
// section 3.1).
type packets struct {
	l      *listener
	up     net.Conn // the receiver behind; nil without one
	line   Line
	labels map[string]string // of clients; forgotten when there are too many
	late   []lateDatagram    // held back by a fault
}

type lateDatagram struct {
	label string
	data  []byte
	fate
}

const maxLabels = 4096

func (p *packets) run(pc net.PacketConn) {
	clock := p.l.s.clock()
	clock.Busy(1)
	defer clock.Busy(-1)
	buf := make([]byte, maxDatagram)
	for {
		clock.Busy(-1)
		n, from, err := pc.ReadFrom(buf)
		clock.Busy(1)
		switch {
		case err == nil:
			p.receive(pc, from.String(), buf[:n])
		case errors.Is(err, net.ErrClosed):
			p.flush()
			if p.up != nil {
				p.up.Close()
			}
			return
		default:
			p.l.s.complain(">"+p.l.address, err)
			p.l.s.park(p.l.s.era(), acceptPause)
		}
	}
}

func (p *packets) receive(pc net.PacketConn, remote string, data []byte) {
	label := p.labels[remote]
	if label == "" {
		if len(p.labels) >= maxLabels {
			clear(p.labels)
		}
		label = remote + ">" + pc.LocalAddr().String()
		p.labels[remote] = label
	}
	now := p.l.s.now()
	var f fate
	if p.l.s.faulty.Load() {
		f = p.l.s.fates(p.l, label, remote, now)
		p.l.s.tell()
	}
	switch {
	case f.drop:
		p.line.Parse(data)
		p.l.s.book(label, p.line.wholeID(), frame{data: data}, Unread, KindUnread, "dropped by fault", now)
	case f.behind > 0:
		p.later(now) // to those that are held back already it is a later one
		p.late = append(p.late, lateDatagram{label, append([]byte(nil), data...), f})
		return
	default:
		p.deliver(label, data, f, now)
	}
	p.later(now)
}

// deliver takes a datagram as often, and as much of it, as its fate is.
func (p *packets) deliver(label string, data []byte, f fate, now time.Time) {
	for range f.copies + 1 {
		p.take(label, data, f.keep, now)
	}
}

// take parses and books one datagram, of which a fault may have kept only the
// beginning.
func (p *packets) take(label string, data []byte, keep int, now time.Time) {
	f := frame{data: data}
	if keep > 0 && keep < len(data) {
		f = frame{data: data[:keep], cut: true, wrong: fmt.Sprintf("cut to %d of %d bytes by fault", keep, len(data))}
	} else if most := p.l.s.maxSize(); len(data) > most {
		f = frame{data: data[:most], cut: true, wrong: fmt.Sprintf("longer than %d bytes: the rest is cut off", most)}
	}
	if p.up != nil {
		p.up.Write(f.data) // UDP tells no error that a sender could be told
	}
	p.l.s.parse(&p.line, &f)
	place, kind, what := p.line.place(f)
	p.l.s.book(label, p.line.wholeID(), f, place, kind, what, now)
}

// later delivers what was held back and has waited for enough others.
func (p *packets) later(now time.Time) {
	kept := p.late[:0]
	for _, d := range p.late {
		if d.behind--; d.behind > 0 {
			kept = append(kept, d)
			continue
		}
		p.deliver(d.label, d.data, d.fate, now)
	}
	p.late = kept
}

// flush delivers what is still held back when the socket is closed.
func (p *packets) flush() {
	for _, d := range p.late {
		p.deliver(d.label, d.data, d.fate, p.l.s.now())
	}
	p.late = nil
}
