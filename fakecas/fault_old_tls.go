package fakecas

import "crypto/tls"

// oldTLSFault offers no TLS newer than 1.1.
var oldTLSKind = faultKind{
	about: "offers TLS 1.1 at most",
	args:  []FaultArg{establishedArg},
	make: func(a *arguments) effect {
		f := handshakeFault{a.choice("established", "true", "false") == "true"}
		return effect{inject: f.inject, handshake: func(_ *Server, c *tls.Config) error {
			c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
			return nil
		}}
	},
}
