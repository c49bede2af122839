package simulator

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

func proxyCommand() command {
	return command{
		summary: "run the customer's HTTP proxy, " + proxyAddress + " for agent start -proxy",
		actions: map[string]action{
			"start": {"", "Starts the proxy: it connects to wherever it is asked.", parseProxy((*Lab).StartProxy)},
			"balance": {"", "Starts a load balancer on the proxy's host, port 514, that copies bytes to the syslog server and answers for it.",
				parseBalance},
			"stop":      {"", "Stops the proxy: its port refuses, and its tunnels end.", parseProxy((*Lab).StopProxy)},
			"login":     {"USER:PASSWORD | none", "Makes the proxy demand a login (407), or no longer.", parseProxyLogin},
			"inspect":   {"", "Makes the proxy present a certificate of its own in place of the service's.", parseProxy((*Lab).InspectByProxy)},
			"connected": {"", "Asserts that a connection was made through the proxy.", parseProxyConnected},
		},
	}
}

func parseProxy(do func(*Lab) error) func(*words) (step, error) {
	return func(*words) (step, error) { return step{do: do}, nil }
}

func parseBalance(*words) (step, error) {
	return step{uses: featureBalancer, do: func(l *Lab) error { return l.proxy.balance() }}, nil
}

func parseProxyLogin(w *words) (step, error) {
	login, err := w.next("USER:PASSWORD or none")
	if err == nil && login != "none" && !strings.Contains(login, ":") {
		err = errors.New("expected USER:PASSWORD or none")
	}
	header := ""
	if login != "none" {
		header = "Basic " + base64.StdEncoding.EncodeToString([]byte(login))
	}
	return step{do: func(l *Lab) error { return l.proxy.demand(header) }}, err
}

func parseProxyConnected(*words) (step, error) {
	return step{assert: func(l *Lab) finding {
		n := l.proxy.connected()
		return finding{n > 0, fmt.Sprintf("%d connections were made through the proxy", n)}
	}}, nil
}
