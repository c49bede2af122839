package fakecas

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// guarded lets through requests that are addressed to this machine, or to one
// of hosts, and that no page of another origin sent: control over the service
// must not be had through somebody's browser, whatever name he made point here.
func guarded(next http.Handler, hosts []string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !isLocal(r.Host, hosts):
			sendControl(w, refusal(http.StatusForbidden, "Host: expected an address of this machine"), "")
		case !sameOrigin(r):
			sendControl(w, refusal(http.StatusForbidden, "Origin: expected none, or this host"), "")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// isLocal reports whether host, with or without a port, is a loopback address,
// localhost, or one of hosts.
func isLocal(host string, hosts []string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.Trim(host, "[]")
	if ip, err := netip.ParseAddr(host); err == nil && ip.IsLoopback() {
		return true
	}
	return strings.EqualFold(host, "localhost") || slices.ContainsFunc(hosts, func(h string) bool { return strings.EqualFold(h, host) })
}

// sameOrigin reports whether the request comes from no page, or from one of
// this very host.
func sameOrigin(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
	default:
		return false
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && u.Host == r.Host
}
