package fakesyslog

// tlsHang never answers a client's hello.
type tlsHang struct{}

func newTLSHang(*arguments) effect { return effect{handshake: tlsHang{}.handshake} }

func (tlsHang) handshake(_ view, h *handshake) { h.hold = true }
