package network

// A silent socket drops what comes for it, as one does on Linux whose program
// has attached a filter that takes no packet (SO_ATTACH_FILTER). What it sends
// itself still goes out. Who waits for its answer waits as at a black hole.

// Silence makes the listener drop SYNs, or no longer drop them. Connections
// that were made before are not concerned.
func (l *Listener) Silence(on bool) error {
	l.host.n.lock()
	defer l.host.n.unlock()
	l.silent = on
	return nil
}

// Silence makes this end drop what its peer sends, or no longer drop it.
func (c *Conn) Silence(on bool) error {
	c.n.change(func() { c.silent = on }, c.host)
	return nil
}

// Silence makes the socket drop datagrams, or no longer drop them.
func (p *PacketConn) Silence(on bool) error {
	p.host.n.lock()
	defer p.host.n.unlock()
	p.silent = on
	return nil
}
