package fakecas

import (
	"net/http"
	"slices"
	"strings"

	"siemdrill/agent/console"
)

// endpoint is a part of the API, as Fault.Where names it.
type endpoint string

const (
	toActivities endpoint = "activities"
	toAlerts     endpoint = "alerts"
	toAgents     endpoint = "agents"
	toConsole    endpoint = "console"
	toNothing    endpoint = ""
)

// endpoints are the parts of the API and where they begin.
var endpoints = []struct {
	name   endpoint
	prefix string
}{
	{toActivities, "/api/v1/activities"},
	{toAlerts, "/api/v1/alerts"},
	{toAgents, "/api/v1/agents"},
	{toAgents, "/cas/api/v1/agents"},
	{toConsole, "/siemdrill/v1"},
}

func endpointOf(path string) endpoint {
	for _, e := range endpoints {
		if path == e.prefix || strings.HasPrefix(path, e.prefix+"/") {
			return e.name
		}
	}
	return toNothing
}

// route is one path of the API; a part of it in braces matches any one part.
type route struct {
	methods string // separated by spaces
	path    string
	handle  func(x *exchange, id string) answer
	writes  bool // changes something, which an agent's token may not
}

// routes is the whole API.
func routes() []route {
	list := []route{
		{"GET POST", "/api/v1/activities", listActivities, false},
		{"GET", "/api/v1/activities/{id}", fetchActivity, false},
		{"GET POST", "/api/v1/alerts", listAlerts, false},
		{"POST", "/api/v1/alerts/close_benign", closeAlerts("close_benign"), true},
		{"POST", "/api/v1/alerts/close_false_positive", closeAlerts("close_false_positive"), true},
		{"POST", "/api/v1/alerts/close_true_positive", closeAlerts("close_true_positive"), true},
		{"GET", "/api/v1/alerts/{id}", fetchAlert, false},
		{"POST", "/api/v1/alerts/{id}/read", markAlert(true), true},
		{"POST", "/api/v1/alerts/{id}/unread", markAlert(false), true},
		{"GET", console.ConfigurationPath, getConfiguration, false},
		{"POST", console.ContactPath, postContact, false},
	}
	for _, prefix := range []string{"/api/v1", "/cas/api/v1"} {
		list = append(list,
			route{"GET", prefix + "/agents/siem", listAgents, false},
			route{"POST", prefix + "/agents/siem", createAgent, true},
			route{"GET", prefix + "/agents/siem/{id}", fetchAgent, false},
			route{"PUT POST", prefix + "/agents/siem/{id}", editAgent, true},
			route{"DELETE", prefix + "/agents/siem/{id}", deleteAgent, true},
			route{"POST", prefix + "/agents/siem/{id}/generate", generateToken, true},
		)
	}
	return list
}

// match returns what stands in braces, and whether the path is the route's.
func (rt route) match(path string) (id string, ok bool) {
	want := strings.Split(rt.path, "/")
	have := strings.Split(path, "/")
	if len(want) != len(have) {
		return "", false
	}
	for i, w := range want {
		switch {
		case strings.HasPrefix(w, "{") && have[i] != "":
			id = have[i]
		case w != have[i]:
			return "", false
		}
	}
	return id, true
}

// routed answers an admitted request by the route that it takes.
func routed(x *exchange) answer {
	var allowed []string
	for _, rt := range x.server.routes {
		id, ok := rt.match(x.path)
		if !ok {
			continue
		}
		methods := strings.Fields(rt.methods)
		if !slices.Contains(methods, x.r.Method) {
			allowed = append(allowed, methods...)
			continue
		}
		if rt.writes && x.key.agent != nil {
			return refusal(http.StatusForbidden, "You do not have permission to perform this action: an agent's token is read-only.")
		}
		return rt.handle(x, id)
	}
	if allowed == nil {
		return refusal(http.StatusNotFound, "no such path")
	}
	a := refusal(http.StatusMethodNotAllowed, "method "+x.r.Method+": expected "+strings.Join(allowed, " or "))
	a.allow = strings.Join(allowed, ", ")
	return a
}
