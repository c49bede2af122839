package cas

import (
	"fmt"
	"hash/fnv"
	"strings"
)

// decodeRecord reads one record. Nothing that a record lacks makes it less
// than a record: the kinds of value are those seen in the service's answers,
// and one of another kind counts as absent.
func decodeRecord(t Type, r *reader, record *Record) {
	start := r.at
	if t == Alert {
		decodeAlert(r, record)
	} else {
		decodeActivity(r, record)
	}
	record.Type = t
	if record.ID == "" {
		// An event without an id must be told apart from others and must be the
		// same when it is read again, so its content names it.
		h := fnv.New64a()
		h.Write(r.text[start:r.at])
		record.ID = fmt.Sprintf("no-id-%016x", h.Sum64())
	}
}

// decodeActivity reads an activity.
func decodeActivity(r *reader, a *Record) {
	var (
		value, actor   string
		uid, operation string
		agent, address string
		app            string
	)
	r.object(func(key []byte) {
		switch string(key) {
		case "_id":
			a.ID = r.scalar()
		case "uid":
			uid = r.scalar()
		case "created":
			a.Created = r.integer()
		case "timestamp":
			a.Timestamp = r.integer()
		case "eventTypeName":
			a.Class = r.recurring()
		case "eventTypeValue":
			value = r.recurring()
		case "description":
			a.Description = r.plain()
		case "appName":
			app = r.recurring()
		case "user":
			r.object(func(key []byte) {
				if string(key) == "userName" {
					a.User = r.recurring()
				}
			})
		case "device":
			r.object(func(key []byte) {
				switch string(key) {
				case "clientIP":
					address = r.recurring()
				case "userAgent":
					agent = r.recurring()
				}
			})
		case "resolvedActor":
			r.object(func(key []byte) {
				if string(key) == "name" {
					actor = r.recurring()
				}
			})
		case "mainInfo":
			a.Targets, operation = decodeMainInfo(r)
		case "policyIDs":
			r.array(func() { a.Policies = append(a.Policies, r.scalar()) })
		}
	})
	a.ID = first(a.ID, uid)
	a.Class = first(a.Class, value, "EVENT_CATEGORY_UNSPECIFIED")
	a.Name = r.words.activityName(a.Class)
	a.Description = first(a.Description, operation)
	a.User = first(a.User, actor)
	a.Service = app
	a.UserAgent = agent
	a.setAddress(address)
	a.Apps = r.words.appIDs(app)
}

// decodeMainInfo reads the names of the objects that an activity touched, the
// user's among them, as the documented lines have it. An object without a name
// is an empty item.
func decodeMainInfo(r *reader) (targets []string, operation string) {
	r.object(func(key []byte) {
		switch string(key) {
		case "eventObjects":
			r.array(func() {
				name := ""
				r.object(func(key []byte) {
					if string(key) == "name" {
						name = r.recurring()
					}
				})
				if targets == nil {
					targets = make([]string, 0, 4) // as many as most have
				}
				targets = append(targets, name)
			})
		case "rawOperationName":
			operation = r.recurring()
		}
	})
	return targets, operation
}

// decodeAlert reads an alert.
func decodeAlert(r *reader, a *Record) {
	var (
		title, alertType string
		entities         alertEntities
		system           bool
	)
	r.object(func(key []byte) {
		switch string(key) {
		case "_id":
			a.ID = r.scalar()
		case "timestamp":
			a.Timestamp = r.integer()
		case "title":
			title = r.recurring()
		case "description":
			a.Description = r.plain()
		case "severityValue":
			a.Severity = severityOf(r.scalar())
		case "threatScore":
			a.Risk = r.scalar()
		case "alertType":
			alertType = r.recurring()
		case "isSystemAlert":
			system = r.boolean()
		case "audits":
			r.array(func() { a.Audits = append(a.Audits, identity(r)) })
		case "entities":
			r.array(func() { entities.add(r) })
		}
	})
	a.Created = a.Timestamp
	a.Name = first(entities.policy, title)
	a.User = first(entities.source, entities.account)
	a.Service = entities.service
	a.IPv4, a.IPv6 = entities.ipv4, entities.ipv6
	a.Apps, a.Policies = entities.apps, entities.policies
	a.Class = alertClass(alertType, entities.policyType, system)
}

// severityOf maps the service's numbers.
func severityOf(digit string) Severity {
	switch digit {
	case "0":
		return Low
	case "1":
		return Medium
	case "2":
		return High
	}
	return Informational
}

// alertEntities is what a line takes from an alert's entities.
type alertEntities struct {
	source, account    string // user names: of the account in the role Source, of any account
	service            string
	ipv4, ipv6         string
	policy, policyType string
	apps, policies     []string
}

func (e *alertEntities) add(r *reader) {
	var kind, id, label, role, principal, policyType string
	r.object(func(key []byte) {
		switch string(key) {
		case "type":
			kind = r.recurring()
		case "id":
			id = r.scalar()
		case "label":
			label = r.recurring()
		case "entityRole":
			role = r.recurring()
		case "pa": // principal account: the user's name as a mail address
			principal = r.recurring()
		case "policyType":
			policyType = r.recurring()
		}
	})
	switch kind {
	case "account", "user":
		name := first(principal, label, id)
		e.account = first(e.account, name)
		if role == "Source" {
			e.source = first(e.source, name)
		}
	case "service":
		e.service = first(e.service, label)
		e.apps = append(e.apps, r.words.appIDs(label)...)
	case "ip":
		var both Record
		both.setAddress(first(label, id))
		e.ipv4, e.ipv6 = first(e.ipv4, both.IPv4), first(e.ipv6, both.IPv6)
	case "policyRule":
		e.policy = first(e.policy, label)
		e.policyType = first(e.policyType, policyType)
		e.policies = append(e.policies, id)
	}
}

// identity reads an id: a string, a number, or an object that has one.
func identity(r *reader) string {
	if r.next() != '{' {
		return r.scalar()
	}
	id := ""
	r.object(func(key []byte) {
		if string(key) == "id" || string(key) == "_id" {
			id = first(r.scalar(), id)
		}
	})
	return id
}

// setAddress puts a client address into the field of its family.
func (a *Record) setAddress(address string) {
	if strings.Contains(address, ":") {
		a.IPv6 = address
	} else {
		a.IPv4 = address
	}
}

// first returns the first that is not empty.
func first(candidates ...string) string {
	for _, s := range candidates {
		if s != "" {
			return s
		}
	}
	return ""
}
