package live

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"strings"

	"siemdrill/fakecas"
	"siemdrill/fakesyslog"
	"siemdrill/simulator"
	"siemdrill/simulator/report"
)

//go:embed page.html page.css page.js
var assets embed.FS

var markup = template.Must(template.New("").Funcs(template.FuncMap{"dict": dict}).ParseFS(assets, "page.html"))

// dict gives a template several values.
func dict(pairs ...any) (map[string]any, error) {
	d := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("%v: expected a name", pairs[i])
		}
		d[name] = pairs[i+1]
	}
	return d, nil
}

// policy lets the page use what this server has, and nothing else.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"

// pages puts the page and what it loads on a mux.
func (s *Server) pages(mux *http.ServeMux) error {
	for path, what := range map[string]struct {
		media string
		make  func() ([]byte, error)
	}{
		"GET /{$}":      {"text/html; charset=utf-8", s.html},
		"GET /live.css": {"text/css; charset=utf-8", style},
		"GET /live.js":  {"text/javascript; charset=utf-8", program},
	} {
		content, err := what.make()
		if err != nil {
			return err
		}
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			h := w.Header()
			h.Set("Content-Type", what.media)
			h.Set("Cache-Control", "no-store")
			h.Set("X-Content-Type-Options", "nosniff")
			h.Set("Content-Security-Policy", policy)
			_, _ = w.Write(content)
		})
	}
	return nil
}

func style() ([]byte, error) { return after(report.Style, "page.css", "%s") }

// program is the page's own, after that of the report's time line.
func program() ([]byte, error) {
	return after(report.TimelineProgram, "page.js", "(() => {\n\"use strict\";\n%s})();\n")
}

func after(first func() (string, error), name, format string) ([]byte, error) {
	text, err := first()
	if err != nil {
		return nil, err
	}
	own, err := assets.ReadFile(name)
	return fmt.Appendf(nil, format, text+string(own)), err
}

// kind is a fault that can be chosen.
type kind struct{ Name, About, Args string }

// form is what the page's forms are made of.
type form struct {
	Portal        string
	Own, Foreign  bool // whose agent it is
	Forwarder     bool // it knows of no service and no portal
	Reach         simulator.Reach
	CAS, Syslog   []kind
	Checkers      []string
	Statuses      []string
	Notifications []string
	Speeds        []int
	Hosts         []string // that have names and can move
	NameFaults    []string
	Framings      []string
}

func (s *Server) html() ([]byte, error) {
	f := form{
		Portal: s.PortalURL(), Own: s.Session.options.OwnAgent, Foreign: !s.Session.Stepped(), Forwarder: s.Session.lab.Runner == simulator.Forwarder,
		Reach: s.Session.Reach(), CAS: casKinds(), Syslog: syslogKinds(), Checkers: simulator.Checkers(),
		Speeds: []int{1, 10, 60, 600, 3600}, Hosts: []string{"syslog", "cas"}, NameFaults: []string{"no-such-host", "server-failure", "no-answer"},
		Framings: []string{"non-transparent", "octet-counting", "nul", "guess"},
	}
	for st := fakecas.Created; st <= fakecas.Disconnected; st++ {
		f.Statuses = append(f.Statuses, st.String())
	}
	for _, n := range fakecas.NotificationKinds() {
		f.Notifications = append(f.Notifications, string(n.ID))
	}
	var page bytes.Buffer
	err := markup.ExecuteTemplate(&page, "page.html", f)
	return page.Bytes(), err
}

func casKinds() []kind {
	var all []kind
	for _, k := range fakecas.FaultKinds() {
		var args []string
		for _, a := range k.Args {
			args = append(args, a.Name)
		}
		all = append(all, kind{k.Name, "the service " + k.About, strings.Join(args, " ")})
	}
	return all
}

// syslogKinds leaves out the faults of a name server: names are the network's
// here.
func syslogKinds() []kind {
	var all []kind
	for _, k := range fakesyslog.FaultKinds() {
		if !strings.HasPrefix(k.Name, "name-") {
			all = append(all, kind{k.Name, "the receiver " + k.Does, strings.Join(k.Args, " ")})
		}
	}
	return all
}
