package fakesyslog

// tlsCertificate shows a certificate with a flaw.
type tlsCertificate struct{ flaw flaw }

func newTLSUnknownCA(*arguments) effect { return tlsCertificate{unknownCA}.effect() }
func newTLSExpired(*arguments) effect   { return tlsCertificate{expired}.effect() }
func newTLSWrongName(*arguments) effect { return tlsCertificate{wrongName}.effect() }

func (f tlsCertificate) effect() effect { return effect{handshake: f.handshake} }

func (f tlsCertificate) handshake(_ view, h *handshake) { h.flaw = f.flaw }
