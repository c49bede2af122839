package fakecas

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"siemdrill/agent/console"
)

// getConfiguration answers with the agent's configuration; its version is the
// ETag, in quotes as RFC 9110 section 8.8.3 wants it.
func getConfiguration(x *exchange, _ string) answer {
	c := x.server.Tenant().configuration(x.agent())
	etag := `"` + c.Version + `"`
	for _, v := range strings.Split(x.r.Header.Get("If-None-Match"), ",") {
		if v = strings.TrimSpace(v); v == etag || v == "*" {
			return answer{status: http.StatusNotModified, etag: etag}
		}
	}
	a := reply(http.StatusOK, c)
	a.etag = etag
	return a
}

func postContact(x *exchange, _ string) answer {
	var c console.Contact
	if err := json.Unmarshal(x.body, &c); err != nil {
		return refusal(http.StatusBadRequest, "contact: "+err.Error())
	}
	for _, n := range c.Notifications {
		if k, ok := KindOf(n.ID); !ok || k.System {
			return refusal(http.StatusBadRequest, fmt.Sprintf("contact: notifications: unknown id %.40q", n.ID))
		}
	}
	return reply(http.StatusOK, x.server.Tenant().contact(x.agent(), c))
}

// configuration returns an agent's configuration as it is now.
func (t *Tenant) configuration(a *agent) console.Configuration {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return a.configuration
}
