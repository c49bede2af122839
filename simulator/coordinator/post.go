package coordinator

import (
	"maps"

	"siemdrill/agent/stepped"
)

// post is the account of the datagrams, by the port that they go to. Nobody
// tells that one was lost, so what does not come is written off.
type post struct {
	past map[uint16]int64 // on their way when a member that sent or received them ended
	lost map[uint16]int64
}

// end takes over the account of a member that ends.
func (p *post) end(s stepped.State) {
	if p.past == nil {
		p.past = map[uint16]int64{}
	}
	for port, d := range s.Datagrams {
		p.past[port] += int64(d.Sent - d.Received)
	}
}

// underway is how many have been sent to each port and not received, where that
// is not as many as were written off. Fewer are when one came after all, or when
// its receiver has reported before its sender.
func (p *post) underway(members []*Member) map[uint16]int64 {
	all := maps.Clone(p.past)
	if all == nil {
		all = map[uint16]int64{}
	}
	for _, m := range members {
		for port, d := range m.state.Datagrams {
			all[port] += int64(d.Sent - d.Received)
		}
	}
	maps.DeleteFunc(all, func(port uint16, n int64) bool { return n == p.lost[port] })
	return all
}

// writeOff no longer waits for n to a port.
func (p *post) writeOff(port uint16, n int64) {
	if p.lost == nil {
		p.lost = map[uint16]int64{}
	}
	p.lost[port] = n
}
