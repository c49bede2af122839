package fakesyslog

import (
	"net/netip"

	"golang.org/x/net/dns/dnsmessage"
)

// nameFault answers questions for a name otherwise than is true.
type nameFault struct{ answer nameAnswer }

func newNameUnknown(*arguments) effect {
	return nameFault{nameAnswer{code: dnsmessage.RCodeNameError}}.effect()
}

func newNameFailing(*arguments) effect {
	return nameFault{nameAnswer{code: dnsmessage.RCodeServerFailure}}.effect()
}

func newNameSilent(*arguments) effect { return nameFault{nameAnswer{silent: true}}.effect() }

func newNameStale(a *arguments) effect {
	text, _ := a.get("address")
	addr, err := netip.ParseAddr(text)
	if err != nil {
		a.wrong("address", text, "the address that the name had before, such as 127.0.0.2")
	}
	return nameFault{nameAnswer{stale: addr}}.effect()
}

func (f nameFault) effect() effect { return effect{name: f.name} }

func (f nameFault) name() nameAnswer { return f.answer }
