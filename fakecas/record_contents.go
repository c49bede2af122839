package fakecas

import (
	"iter"
	"strconv"
	"time"
)

// Contents is what a line of a SIEM says of a record: its JSON, reduced. What
// the record has no word for is empty.
type Contents struct {
	ID   string
	Type Type
	// Created is when the service indexed it, Timestamp when it happened.
	Created, Timestamp time.Time

	Class       string // of an activity EVENT_CATEGORY_…, of an alert ALERT_…
	Name        string // an activity's type as the portal shows it, an alert's title
	Severity    int    // of an alert, the API's number: 0 low, 1 medium, 2 high, 3 informational
	Description string
	User        string
	App         string
	Address     string   // of the client, IPv4 or IPv6
	UserAgent   string   // of an activity
	Objects     []string // names of what an activity touched
	Risk        int64    // of an alert
	Policy      string   // the id of an alert's policy
}

// Contents yields the records of a type from the nth on (from 0), in the order
// in which they came into the tenant, as it is now.
func (t *Tenant) Contents(kind Type, n int) iter.Seq[Contents] {
	table := t.snapshot(kind)
	return func(yield func(Contents) bool) {
		for place := n; place < table.rows.len(); place++ {
			r := table.record(uint32(place))
			if !yield(r.contents()) {
				return
			}
		}
	}
}

// Count is how many records of a type the tenant holds.
func (t *Tenant) Count(kind Type) int {
	table := t.snapshot(kind)
	return table.rows.len()
}

func (r *record) contents() Contents {
	c := Contents{
		ID:        string(r.appendID(nil)),
		Type:      r.kind,
		Created:   time.UnixMilli(r.created).UTC(),
		Timestamp: time.UnixMilli(r.timestamp).UTC(),
	}
	switch {
	case r.body != nil:
		c.readJSON(r.body.json)
	case r.kind == Alert:
		c.Class, c.Name, c.Severity = r.policy.alertType, r.policy.title, r.policy.severity
		c.Risk, c.Policy = r.threatScore(), r.policy.id
	default:
		c.Class, c.Name, c.UserAgent = r.event.category, r.event.name, r.client.agent
		if r.event.object {
			c.Objects = append(c.Objects, r.object.name)
		}
		c.Objects = append(c.Objects, r.user.name, r.user.name)
	}
	if r.body == nil {
		c.Description, c.User, c.App, c.Address = r.description(), r.user.account, r.app.name, r.place.ip
	}
	return c
}

// readJSON fills in what a record that was given whole says of itself.
func (c *Contents) readJSON(json raw) {
	c.Description = json.at("description").text()
	if c.Type == Activity {
		c.Class, c.Name = json.at("eventTypeName").text(), json.at("eventTypeName").text()
		c.User, c.App = json.at("user.userName").text(), json.at("appName").text()
		c.Address, c.UserAgent = json.at("device.clientIP").text(), json.at("device.userAgent").text()
		for _, o := range json.at("mainInfo.eventObjects").items() {
			c.Objects = append(c.Objects, o.at("name").text())
		}
		return
	}
	c.Class, c.Name = json.at("idValue").text(), json.at("title").text()
	c.Severity, _ = strconv.Atoi(json.at("severityValue").text())
	c.Risk, _ = strconv.ParseInt(json.at("threatScore").text(), 10, 64)
	for _, e := range json.at("entities").items() {
		label := e.at("label").text()
		switch e.at("type").text() {
		case "account":
			c.User = label
		case "service":
			c.App = label
		case "ip":
			c.Address = label
		case "policyRule":
			c.Policy = e.at("id").text()
		}
	}
}
