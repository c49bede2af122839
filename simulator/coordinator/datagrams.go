package coordinator

import (
	"maps"

	"siemdrill/agent/stepped"
)

// datagrams is the account of those that are on their way, by the port that they
// go to. Nobody
// tells that one was lost, so what does not come is written off.
type datagrams struct {
	past map[uint16]int64 // on their way when a member that sent or received them ended
	lost map[uint16]int64
}

// end takes over the account of a member that ends.
func (d *datagrams) end(s stepped.State) {
	if d.past == nil {
		d.past = map[uint16]int64{}
	}
	for port, n := range s.Datagrams {
		d.past[port] += int64(n.Sent - n.Received)
	}
}

// underway is how many have been sent to each port and not received, where that
// is not as many as were written off. Fewer are when one came after all, or when
// its receiver has reported before its sender.
func (d *datagrams) underway(members []*Member) map[uint16]int64 {
	all := maps.Clone(d.past)
	if all == nil {
		all = map[uint16]int64{}
	}
	for _, m := range members {
		for port, n := range m.state.Datagrams {
			all[port] += int64(n.Sent - n.Received)
		}
	}
	maps.DeleteFunc(all, func(port uint16, n int64) bool { return n == d.lost[port] })
	return all
}

// writeOff no longer waits for n to a port.
func (d *datagrams) writeOff(port uint16, n int64) {
	if d.lost == nil {
		d.lost = map[uint16]int64{}
	}
	d.lost[port] = n
}
