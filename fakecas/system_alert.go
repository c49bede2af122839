package fakecas

import (
	"fmt"
	"time"
)

// addSystemAlert adds the alert that goes with a notification of the service's
// own. The tenant's lock is held.
func (t *Tenant) addSystemAlert(kind NotificationKind, text string, now time.Time) {
	ms := now.UnixMilli()
	seq := uint32(t.alerts.rows.len()) + 1
	r := t.alerts.generator.record(Alert, seq)
	id := string(r.appendID(nil))
	f := fields("{")
	f.text("_id", id)
	f.text("description", text)
	f.raw("entities", "[]")
	f.raw("idValue", "15859760")
	f.flag("isSystemAlert", true)
	f.raw("severityValue", "1")
	f.raw("stories", "[]")
	f.raw("evidence", "[]")
	f.raw("intent", "[]")
	f.raw("audits", "[]")
	f.raw("threatScore", "0")
	f.number("timestamp", ms)
	f.text("title", "System alert: "+kind.Name.English)
	f.text("URL", fmt.Sprintf("https://%s.portal.cloudappsecurity.com/#/alerts/%s", t.settings.Tenant, id))
	f.close()
	facts := map[string][]string{
		"id":        {id},
		"severity":  {"1"},
		"alertType": {"15859760"},
		"text":      {text, kind.Name.English},
	}
	t.alerts.keep(&body{id: id, json: f, facts: facts}, ms, ms)
	t.noteCreated(&t.alerts, seq-1, now)
}
