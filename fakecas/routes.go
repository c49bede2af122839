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
	methods []string
	path    string
	handle  func(x *exchange, id string) answer
}

var routes = []route{
	{[]string{"GET", "POST"}, "/api/v1/activities", listActivities},
	{[]string{"GET"}, "/api/v1/activities/{id}", fetchActivity},
	{[]string{"GET", "POST"}, "/api/v1/alerts", listAlerts},
	{[]string{"GET"}, "/api/v1/alerts/{id}", fetchAlert},
	{[]string{"GET"}, console.ConfigurationPath, getConfiguration},
	{[]string{"POST"}, console.ContactPath, postContact},
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
	for _, rt := range routes {
		id, ok := rt.match(x.path)
		if !ok {
			continue
		}
		if !slices.Contains(rt.methods, x.r.Method) {
			continue
		}
		return rt.handle(x, id)
	}
	return astray(x)
}

// astray answers a request that takes no route.
func astray(x *exchange) answer {
	for _, rt := range routes {
		if _, ok := rt.match(x.path); ok {
			return refusal(http.StatusMethodNotAllowed, "method "+x.r.Method+": expected "+strings.Join(rt.methods, " or "))
		}
	}
	return refusal(http.StatusNotFound, "no such path")
}
