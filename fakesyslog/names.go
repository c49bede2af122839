package fakesyslog

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"

	"golang.org/x/net/dns/dnsmessage"
)

// nameAnswer is what becomes of a question for a name. The zero value answers
// truly.
type nameAnswer struct {
	silent bool             // no answer
	code   dnsmessage.RCode // other than success: a refusal
	stale  netip.Addr       // answer with this instead; invalid answers truly
}

// nameTTL is how long, in seconds, an answer may be kept: not at all, so that
// every dial asks again.
const nameTTL = 0

// StartNames answers DNS questions over UDP for the names given, so that a
// sender can be pointed at a name whose address misbehaves. Other names don't
// exist.
func (s *Server) StartNames(address string, names map[string][]netip.Addr) (net.Addr, error) {
	s.faultMu.Lock()
	defer s.faultMu.Unlock()
	if err := s.prepare(); err != nil {
		return nil, err
	}
	listen := s.ListenPacket
	if listen == nil {
		listen = new(net.ListenConfig).ListenPacket
	}
	pc, err := listen(context.Background(), "udp", address)
	if err != nil {
		return nil, fmt.Errorf("answer names on %s: %w", address, err)
	}
	known := map[string][]netip.Addr{}
	for name, addrs := range names {
		known[strings.ToLower(strings.TrimSuffix(name, "."))] = addrs
	}
	l := &listener{s: s, network: "dns", address: pc.LocalAddr().String(), pc: pc}
	s.mu.Lock()
	s.listeners = append(s.listeners, l)
	s.note(Event{Time: s.now(), Kind: KindListening, Connection: ">" + l.address, Detail: "dns"})
	s.mu.Unlock()
	s.running.Go(func() { l.answer(pc, known) })
	s.tell()
	return pc.LocalAddr(), nil
}

func (l *listener) answer(pc net.PacketConn, known map[string][]netip.Addr) {
	clock := l.s.clock()
	clock.Busy(1)
	defer clock.Busy(-1)
	buf := make([]byte, 4096)
	for {
		clock.Busy(-1)
		n, from, err := pc.ReadFrom(buf)
		clock.Busy(1)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			l.s.complain(">"+l.address, err)
			l.s.park(l.s.era(), acceptPause)
			continue
		}
		if reply, ok := l.reply(buf[:n], from.String(), known); ok {
			pc.WriteTo(reply, from)
		}
	}
}

// reply answers one message; false means with silence.
func (l *listener) reply(query []byte, remote string, known map[string][]netip.Addr) ([]byte, bool) {
	var p dnsmessage.Parser
	h, err := p.Start(query)
	if err != nil || h.Response {
		return nil, false
	}
	q, err := p.Question()
	if err != nil {
		return nil, false
	}
	name := strings.ToLower(strings.TrimSuffix(q.Name.String(), "."))
	a := l.s.nameAnswer(l, name, remote)
	l.s.tell()
	if a.silent {
		return nil, false
	}
	addrs, exists := known[name]
	code := a.code
	if !exists && code == dnsmessage.RCodeSuccess {
		code = dnsmessage.RCodeNameError
	}
	if a.stale.IsValid() {
		addrs = []netip.Addr{a.stale}
	}
	return buildReply(h, q, code, addrs), true
}

func buildReply(h dnsmessage.Header, q dnsmessage.Question, code dnsmessage.RCode, addrs []netip.Addr) []byte {
	m := dnsmessage.Message{
		Header: dnsmessage.Header{ID: h.ID, Response: true, OpCode: h.OpCode, Authoritative: true,
			RecursionDesired: h.RecursionDesired, RecursionAvailable: true, RCode: code},
		Questions: []dnsmessage.Question{q},
	}
	for _, addr := range addrs {
		rh := dnsmessage.ResourceHeader{Name: q.Name, Class: dnsmessage.ClassINET, TTL: nameTTL}
		switch {
		case code != dnsmessage.RCodeSuccess:
		case q.Type == dnsmessage.TypeA && addr.Is4():
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: rh, Body: &dnsmessage.AResource{A: addr.As4()}})
		case q.Type == dnsmessage.TypeAAAA && addr.Is6():
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: rh, Body: &dnsmessage.AAAAResource{AAAA: addr.As16()}})
		}
	}
	b, err := m.Pack()
	if err != nil {
		return nil // the question came from a message, so it fits into one
	}
	return b
}

// nameAnswer asks every active fault what becomes of a question. Where of such
// a fault may also be the name.
func (s *Server) nameAnswer(l *listener, name, remote string) nameAnswer {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all nameAnswer
	for _, in := range s.active {
		if in.effect.name == nil || !in.at(l) && in.Where != name || !in.aims("", remote) {
			continue
		}
		if in.accepted++; in.accepted <= in.After || !in.choose() {
			continue
		}
		in.hits++
		s.note(in.hitEvent(s.now(), remote+">"+l.address, "at a question for "+name))
		a := in.effect.name()
		all.silent = all.silent || a.silent
		all.code = max(all.code, a.code)
		if a.stale.IsValid() {
			all.stale = a.stale
		}
	}
	return all
}
