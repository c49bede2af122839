package fakecas

import "net/http"

// keyOf returns what a token opens; nil: nothing.
func (t *Tenant) keyOf(token string) *key {
	t.mu.RLock()
	defer t.mu.RUnlock()
	k := t.keys[token]
	if k == nil || t.removed[k.owner] {
		return nil
	}
	return k
}

// deletedAgent returns the agent that the token was of, if it was deleted.
func (t *Tenant) deletedAgent(token string) string {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.gone[token]
}

// admit checks who asks; nil lets the request in.
func admit(x *exchange) *answer {
	if x.key != nil {
		if x.endpoint == toConsole && x.key.agent == nil {
			a := refusal(http.StatusForbidden, "this token is not an agent's")
			return &a
		}
		return nil
	}
	a := refusal(http.StatusUnauthorized, "Invalid token.")
	switch {
	case x.token != "" && x.server.Tenant().deletedAgent(x.token) != "":
		a = refusal(http.StatusGone, "The agent was deleted.")
	case x.r.Header.Get("Authorization") == "":
		a = refusal(http.StatusUnauthorized, "Authentication credentials were not provided.")
	case x.token == "":
		a = refusal(http.StatusUnauthorized, "Authorization: expected Token, a space, and a token.")
	}
	a.challenge = a.status == http.StatusUnauthorized
	return &a
}
