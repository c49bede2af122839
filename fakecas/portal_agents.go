package fakecas

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// agentsPage is the table of agents.
type agentsPage struct {
	view
	Agents []AgentView
	Seen   int // how many changes the table holds
}

// Status is a status in the reader's language.
func (p agentsPage) Status(s Status) string { return p.in(Text{s.String(), s.Dutch()}) }

// StatusClass is the style of a status.
func (p agentsPage) StatusClass(s Status) string {
	return strings.ReplaceAll(strings.ToLower(s.String()), " ", "-")
}

// notified are the notifications of one agent as the table shows them.
type notified struct {
	Page           agentsPage
	Agent          string
	Open, Resolved []shownNotification
}

type shownNotification struct {
	Key                   string // unique in the page
	Name, Meaning, Remedy string
	Detail                string
	Since, ResolvedAt     time.Time
}

// keptResolved is how many of the resolved notifications the table shows.
const keptResolved = 10

// Notified sorts an agent's notifications, the newest first; of those that were
// raised together the agent's own comes before the service's.
func (p agentsPage) Notified(a AgentView) notified {
	n := notified{Page: p, Agent: a.ID}
	slices.SortStableFunc(a.Notifications, func(x, y Notification) int { return y.Raised.Compare(x.Raised) })
	for _, v := range a.Notifications {
		kind, _ := KindOf(v.ID)
		s := shownNotification{
			Key:        fmt.Sprintf("%s-%s-%d", a.ID, v.ID, v.Raised.UnixNano()),
			Name:       p.in(kind.Name),
			Meaning:    p.in(kind.Meaning),
			Remedy:     p.in(kind.Remedy),
			Detail:     v.Detail,
			Since:      v.Since,
			ResolvedAt: v.Resolved,
		}
		switch {
		case v.Open():
			n.Open = append(n.Open, s)
		case len(n.Resolved) < keptResolved:
			n.Resolved = append(n.Resolved, s)
		}
	}
	return n
}

func (p *portal) agents(w http.ResponseWriter, r *http.Request) {
	seen := p.server.feed.seen()
	p.render(w, http.StatusOK, "agents", agentsPage{p.view(w, r), p.server.Tenant().Agents(), seen})
}

// live sends the table whenever something in it has changed since the page was
// made, as server-sent events.
func (p *portal) live(w http.ResponseWriter, r *http.Request) {
	v := p.view(w, r)
	seen, err := strconv.Atoi(r.URL.Query().Get("seen"))
	if err != nil {
		seen = -1
	}
	changed, end := p.server.feed.watch(seen)
	defer end()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	control := http.NewResponseController(w)
	for control.Flush() == nil {
		select {
		case <-changed:
		case <-r.Context().Done():
			return
		case <-p.server.done:
			return
		}
		message, err := p.tableEvent(v)
		if err != nil {
			return
		}
		if _, err := w.Write(message); err != nil {
			return
		}
	}
}

// tableEvent is the table as it is now, as one server-sent event.
func (p *portal) tableEvent(v view) ([]byte, error) {
	var table, message bytes.Buffer
	if err := p.templates.ExecuteTemplate(&table, "table", agentsPage{view: v, Agents: p.server.Tenant().Agents()}); err != nil {
		return nil, err
	}
	message.WriteString("event: agents\n")
	for line := range strings.Lines(table.String()) {
		message.WriteString("data: " + strings.TrimRight(line, "\r\n") + "\n")
	}
	message.WriteString("\n")
	return message.Bytes(), nil
}
