package simulator

// remoteProxy is the customer's proxy on a machine of its own, which is there
// once it is asked for something.
type remoteProxy struct{ world *containers }

func (p remoteProxy) ask(method, what string, body, to any) error {
	h, err := p.world.openProxy()
	if err != nil {
		return err
	}
	return h.control().ask(method, "/host/proxy/"+what, body, to)
}

func (p remoteProxy) start() error              { return p.ask("POST", "start", nil, nil) }
func (p remoteProxy) balance() error            { return p.ask("POST", "balance", nil, nil) }
func (p remoteProxy) stop() error               { return p.ask("POST", "stop", nil, nil) }
func (p remoteProxy) inspect() error            { return p.ask("POST", "inspect", nil, nil) }
func (p remoteProxy) demand(login string) error { return p.ask("POST", "login", login, nil) }

func (p remoteProxy) connected() int {
	var n int
	if err := p.ask("GET", "connected", nil, &n); err != nil {
		p.world.problem = err
	}
	return n
}
