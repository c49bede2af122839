package simulator

import (
	"fmt"
	"strings"
	"time"

	"siemdrill/fakecas"
)

func portalCommand() command {
	return command{
		summary: "act as the administrator in the portal, and say what the portal shows",
		actions: map[string]action{
			"add":  {"[-name NAME] [-config FILE]", "Adds the agent with the configuration in FILE (agent.json).", parsePortalAdd},
			"edit": {"FILE [-name NAME]", "Changes the agent's configuration to the one in FILE.", parsePortalEdit},
			"regenerate-token": {"[-name NAME]", "Makes a new token for the agent; the old one stops working.",
				portalAction((*Lab).RegenerateToken)},
			"delete": {"[-name NAME]", "Deletes the agent.", portalAction((*Lab).DeleteAgent)},
			"status": {"STATUS [-name NAME]", "Asserts the status that the portal shows: " + statusNames() + ".", parseStatus},
			"notification": {"ID [-name NAME]", "Asserts that the notification stands. Notifications: " + notificationNames() + ".",
				parseNotification(false)},
			"resolved": {"ID [-name NAME]", "Asserts that the notification has been raised and is shown as resolved.",
				parseNotification(true)},
		},
	}
}

func statusNames() string {
	var names []string
	for s := fakecas.Created; s <= fakecas.Disconnected; s++ {
		names = append(names, s.String())
	}
	return strings.Join(names, ", ")
}

func notificationNames() string {
	var ids []string
	for _, n := range fakecas.NotificationKinds() {
		ids = append(ids, string(n.ID))
	}
	return strings.Join(ids, ", ")
}

func parsePortalAdd(w *words) (step, error) {
	name := nameFlag(w)
	config := w.flags.String("config", "agent.json", "")
	err := w.scan()
	return step{needs: *config, reads: readsConfiguration, do: func(l *Lab) error { return l.AddAgent(*name, *config) }}, err
}

func parsePortalEdit(w *words) (step, error) {
	name := nameFlag(w)
	file, err := w.next("a file with a configuration")
	return step{needs: file, reads: readsConfiguration, do: func(l *Lab) error { return l.EditAgent(*name, file) }}, err
}

func portalAction(do func(l *Lab, name string) error) func(*words) (step, error) {
	return func(w *words) (step, error) {
		name := nameFlag(w)
		err := w.scan()
		return step{do: func(l *Lab) error { return do(l, *name) }}, err
	}
}

func parseStatus(w *words) (step, error) {
	name := nameFlag(w)
	all, err := w.rest()
	if err != nil {
		return step{}, err
	}
	want := strings.Join(all, " ")
	if !strings.Contains(", "+statusNames()+", ", ", "+want+", ") || want == "" {
		return step{}, fmt.Errorf("%q is no status: expected one of: %s", want, statusNames())
	}
	return step{assert: func(l *Lab) finding {
		got := l.Status(*name).String()
		last := "no contact yet"
		if t := l.LastContact(*name); !t.IsZero() {
			last = fmt.Sprintf("last contact %s ago", l.Now().Sub(t))
		}
		return finding{got == want, fmt.Sprintf("%s (%s)", got, last)}
	}}, nil
}

func parseNotification(resolved bool) func(*words) (step, error) {
	return func(w *words) (step, error) {
		name := nameFlag(w)
		id, err := w.next("a notification")
		if err != nil {
			return step{}, err
		}
		if !strings.Contains(", "+notificationNames()+", ", ", "+id+", ") {
			return step{}, fmt.Errorf("%q is no notification: expected one of: %s", id, notificationNames())
		}
		return step{assert: func(l *Lab) finding { return notificationIs(l.Notifications(*name), id, resolved) }}, nil
	}
}

// notificationIs looks for the newest notification with the id.
func notificationIs(all []fakecas.Notification, id string, resolved bool) finding {
	var shown []string
	var newest *fakecas.Notification
	for _, n := range all {
		text := fmt.Sprintf("%s since %s", n.ID, n.Since.Format(time.DateTime))
		if !n.Open() {
			text += ", resolved " + n.Resolved.Format(time.DateTime)
		}
		shown = append(shown, text)
		if string(n.ID) == id {
			newest = &n
		}
	}
	found := "the portal shows no notification"
	if len(shown) > 0 {
		found = "the portal shows: " + strings.Join(shown, "; ")
	}
	return finding{newest != nil && newest.Open() != resolved, found}
}
