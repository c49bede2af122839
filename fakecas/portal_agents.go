package fakecas

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// agentsPage is the table of agents.
type agentsPage struct {
	view
	Agents []AgentView
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

// Notified sorts an agent's notifications, the newest first.
func (p agentsPage) Notified(a AgentView) notified {
	n := notified{Page: p, Agent: a.ID}
	for i, v := range slices.Backward(a.Notifications) {
		kind, _ := KindOf(v.ID)
		s := shownNotification{
			Key:        fmt.Sprintf("%s-%d", a.ID, i),
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
	p.render(w, http.StatusOK, "agents", agentsPage{p.view(w, r), p.server.Tenant().Agents()})
}

// live sends the table again whenever something in it changed, as server-sent
// events.
func (p *portal) live(w http.ResponseWriter, r *http.Request) {
	v := p.view(w, r)
	changed, end := p.server.feed.watch()
	defer end()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	control := http.NewResponseController(w)
	for {
		var table, message bytes.Buffer
		if p.templates.ExecuteTemplate(&table, "table", agentsPage{v, p.server.Tenant().Agents()}) != nil {
			return
		}
		message.WriteString("event: agents\n")
		for line := range strings.Lines(table.String()) {
			message.WriteString("data: " + strings.TrimRight(line, "\r\n") + "\n")
		}
		message.WriteString("\n")
		if _, err := w.Write(message.Bytes()); err != nil || control.Flush() != nil {
			return
		}
		select {
		case <-changed:
		case <-r.Context().Done():
			return
		case <-p.server.done:
			return
		}
	}
}
