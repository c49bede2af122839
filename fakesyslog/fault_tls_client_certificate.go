package fakesyslog

// tlsClientCertificate demands a certificate of the client.
type tlsClientCertificate struct{}

func newTLSClientCertificate(*arguments) effect {
	return effect{handshake: tlsClientCertificate{}.handshake}
}

func (tlsClientCertificate) handshake(_ view, h *handshake) { h.demand = true }
