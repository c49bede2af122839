package fakesyslog

import "crypto/tls"

// tlsOldVersion offers nothing newer than TLS 1.0 or 1.1.
type tlsOldVersion struct{ newest uint16 }

func newTLSOldVersion(a *arguments) effect {
	f := tlsOldVersion{tls.VersionTLS11}
	if a.choice("version", "1.1", "1.0") == "1.0" {
		f.newest = tls.VersionTLS10
	}
	return effect{handshake: f.handshake}
}

func (f tlsOldVersion) handshake(_ view, h *handshake) { h.most = f.newest }
