package agent

import (
	"net/http"
	"sync"
)

// bearer gives every request the token, and asks for a new one when the service
// refuses it: the refused request fails all the same, the next one has it.
type bearer struct {
	http.RoundTripper
	renew func() string

	mu    sync.Mutex
	token string
}

// RoundTrip makes the request.
func (b *bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	b.mu.Lock()
	token := b.token
	b.mu.Unlock()
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Token "+token)
	answer, err := b.RoundTripper.RoundTrip(r)
	if err == nil && answer.StatusCode == http.StatusUnauthorized {
		b.replace(token)
	}
	return answer, err
}

// replace takes a new token in the place of the refused one, if there is one.
func (b *bearer) replace(refused string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.token != refused {
		return // another request was refused before, and has replaced it
	}
	if token := b.renew(); tokenShape.MatchString(token) {
		b.token = token
	}
}

// CloseIdleConnections is that of the RoundTripper, if it has one.
func (b *bearer) CloseIdleConnections() {
	if closer, ok := b.RoundTripper.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}
