package fakecas

import (
	"fmt"
	"time"

	"siemdrill/agent/console"
)

// contact takes in an agent's sign of life: the status follows from its time,
// and the notifications are the full current set.
func (t *Tenant) contact(a *agent, c console.Contact) console.ContactAnswer {
	defer t.feed.deliver()
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.clock.Now()
	a.lastContact = now
	if a.firstContact.IsZero() {
		a.firstContact = now
	}
	a.machine, a.version = c.Machine, c.Version
	t.note(KindContact, a, c.Machine)
	t.tellStatus(a, now)
	t.resolve(a, SIEMAgentError, now)
	t.takeNotifications(a, c.Notifications, now)
	t.arm(a, now)
	return console.ContactAnswer{Now: now, ConfigurationVersion: a.configuration.Version}
}

// takeNotifications makes the agent's own open notifications those of current.
func (t *Tenant) takeNotifications(a *agent, current []console.Notification, now time.Time) {
	reported := map[console.NotificationID]bool{}
	forwarding := ""
	for _, n := range current {
		reported[n.ID] = true
		if n.ID != console.InternalError && forwarding == "" {
			forwarding = n.Detail
		}
		if open := a.open(n.ID); open != nil {
			open.Detail = n.Detail
			continue
		}
		or(&n.Since, now)
		t.raise(a, n.ID, n.Since, now, n.Detail)
	}
	for _, k := range notificationKinds {
		if !k.System && !reported[k.ID] {
			t.resolve(a, k.ID, now)
		}
	}
	if reported[console.DataServerSendError] || reported[console.DataServerConnectionError] {
		t.raiseSystem(a, SIEMAgentNotificationError, now, now, "forward errors were received from the agent: "+forwarding)
	} else {
		t.resolve(a, SIEMAgentNotificationError, now)
	}
}

func (t *Tenant) raise(a *agent, id console.NotificationID, since, now time.Time, detail string) {
	if len(a.notifications) >= keptNotifications {
		a.forgetNotification()
	}
	a.notifications = append(a.notifications, Notification{ID: id, Since: since, Raised: now, Detail: detail})
	t.note(KindNotificationRaised, a, string(id)+": "+detail)
}

// raiseSystem raises a notification of the service's own, once an episode: it
// is an alert of the tenant too.
func (t *Tenant) raiseSystem(a *agent, id console.NotificationID, since, now time.Time, detail string) {
	if a.open(id) != nil {
		return
	}
	t.raise(a, id, since, now, detail)
	kind, _ := KindOf(id)
	text := fmt.Sprintf("SIEM agent '%s': %s (since %s)", a.configuration.Name, detail, since.UTC().Format(time.RFC3339))
	t.addSystemAlert(kind, text, now)
}

func (t *Tenant) resolve(a *agent, id console.NotificationID, now time.Time) {
	if open := a.open(id); open != nil {
		open.Resolved = now
		t.note(KindNotificationResolved, a, string(id))
	}
}

// tellStatus notes the status when it differs from the one last told.
func (t *Tenant) tellStatus(a *agent, now time.Time) {
	if s := StatusAt(a.lastContact, now); s != a.shown {
		a.shown = s
		t.note(KindStatus, a, s.String())
	}
}

// arm sets the timer of the next thing that time alone will change: the first
// instant after 2 hours of silence, after 12, after the tenant's X, and the end
// of a recovery agent.
func (t *Tenant) arm(a *agent, now time.Time) {
	a.disarm()
	if t.closed || a.lastContact.IsZero() {
		return
	}
	next := a.recoveryEnd(t.settings.RecoveryGrace)
	for _, limit := range []time.Duration{ConnectionErrorAfter, DisconnectedAfter, t.settings.AgentErrorAfter} {
		due := a.lastContact.Add(limit + 1)
		if due.After(now) && (next.IsZero() || due.Before(next)) {
			next = due
		}
	}
	if !next.IsZero() {
		a.stopTimer = t.clock.AfterFunc(next.Sub(now), func() { t.overdue(a) })
	}
}

// overdue tells what has changed through the passing of time.
func (t *Tenant) overdue(a *agent) {
	defer t.feed.deliver()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed || t.agent(a.id) != a {
		return
	}
	now := t.clock.Now()
	t.tellStatus(a, now)
	if now.Sub(a.lastContact) > t.settings.AgentErrorAfter {
		detail := fmt.Sprintf("disconnected for more than %s", hours(t.settings.AgentErrorAfter))
		t.raiseSystem(a, SIEMAgentError, a.lastContact, now, detail)
	}
	if end := a.recoveryEnd(t.settings.RecoveryGrace); !end.IsZero() && !now.Before(end) {
		a.configuration.Enabled = false
		a.revise()
		t.note(KindAgentEdited, a, "version "+a.configuration.Version+": its time frame is over, it is disabled")
	}
	t.arm(a, now)
}

// recoveryEnd returns when a recovery agent is disabled: the grace after the
// end of its time frame and after its first contact; zero: never, or already.
func (a *agent) recoveryEnd(grace time.Duration) time.Time {
	r := a.configuration.Recovery
	if r == nil || !a.configuration.Enabled {
		return time.Time{}
	}
	if r.To.After(a.firstContact) {
		return r.To.Add(grace)
	}
	return a.firstContact.Add(grace)
}

// hours writes a duration as the portal would: "12 hours".
func hours(d time.Duration) string {
	if d%time.Hour == 0 {
		return fmt.Sprintf("%d hours", d/time.Hour)
	}
	return d.String()
}

func (a *agent) disarm() {
	if a.stopTimer != nil {
		a.stopTimer()
		a.stopTimer = nil
	}
}
