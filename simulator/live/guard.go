package live

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// guarded lets through what is addressed to this machine, or to the address that
// it listens at, and was sent by no page of another origin: a web page that
// somebody has open must not play his Lab.
func guarded(next http.Handler, own string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Host != own && !isLoopback(r.Host):
			refuse(w, http.StatusForbidden, fmt.Errorf("the request is for host %q, expected %s", r.Host, own))
		case !sameOrigin(r):
			refuse(w, http.StatusForbidden, fmt.Errorf("the request comes from a page of %q, expected none or one of http://%s", r.Header.Get("Origin"), r.Host))
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// isLoopback says whether a host, with or without a port, is this machine by a
// name that nobody else can give.
func isLoopback(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && ip.IsLoopback() || strings.EqualFold(host, "localhost")
}

// sameOrigin says whether a request comes from no page, or from one of ours.
func sameOrigin(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "none", "same-origin":
	default:
		// A link from the page to the portal, say, is fine: it changes nothing.
		return r.Method == http.MethodGet && r.Header.Get("Sec-Fetch-Mode") == "navigate"
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Scheme == "http" && u.Host == r.Host
}

// refuse answers with what is wrong, on one line.
func refuse(w http.ResponseWriter, status int, err error) {
	text := strings.ReplaceAll(strings.TrimSpace(err.Error()), "\n", "; ")
	send(w, status, map[string]string{"error": text})
}

// send answers with v as JSON.
func send(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	_ = out.Encode(v) // whoever asked may be gone
}
