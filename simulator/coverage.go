package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"siemdrill/fakecas"
)

// Coverage says which scenarios show a message with which status beside it, over
// which transport, and on which runner.
type Coverage struct {
	Message    Message
	Statuses   map[string][]string // by the status that a script asserts: ids of scenarios
	Transports map[string][]string // by TCP, TLS or UDP: ids of scenarios
	Runners    map[Runner][]string // by the runners that can play them: ids of scenarios
}

// transports are the columns of the coverage table. TLS is a local setting of
// the agent; the vendor's portal calls it TCP.
var transports = []string{"TCP", "TLS", "UDP"}

// CoverageOf counts what scripts show, message by message.
func CoverageOf(scripts []*Script) []Coverage {
	var all []Coverage
	for _, m := range Messages() {
		c := Coverage{m, map[string][]string{}, map[string][]string{}, map[Runner][]string{}}
		for _, s := range scripts {
			if !slices.Contains(s.Shows, m.ID) {
				continue
			}
			for _, status := range s.statuses() {
				c.Statuses[status] = append(c.Statuses[status], s.ID)
			}
			for _, t := range s.transports() {
				c.Transports[t] = append(c.Transports[t], s.ID)
			}
			for _, r := range Runners() {
				if r.Lacks(s) == "" {
					c.Runners[r] = append(c.Runners[r], s.ID)
				}
			}
		}
		all = append(all, c)
	}
	return all
}

// Holes says what must be shown and is not: every message over TCP and on real
// processes too, those of the data server over TLS and never over UDP, and each
// status by itself.
func (c Coverage) Holes() []string {
	var holes []string
	must := []string{"TCP"}
	if strings.HasPrefix(c.Message.ID, "data-server-") {
		must = append(must, "TLS")
		if len(c.Transports["UDP"]) > 0 {
			holes = append(holes, c.Message.ID+" over UDP, which can't raise it")
		}
	}
	for _, t := range must {
		if len(c.Transports[t]) == 0 {
			holes = append(holes, c.Message.ID+" over "+t)
		}
	}
	if len(c.Runners[OnProcesses]) == 0 {
		holes = append(holes, c.Message.ID+" on real processes")
	}
	if c.Message.Kind == "status" && len(c.Statuses[c.Message.English]) == 0 {
		holes = append(holes, c.Message.ID+", asserted by no script that shows it")
	}
	return holes
}

// statuses are those that the script asserts.
func (s *Script) statuses() []string {
	var found []string
	for line := range strings.Lines(string(s.text)) {
		if status, ok := strings.CutPrefix(strings.TrimSpace(line), "portal status "); ok && !slices.Contains(found, status) {
			found = append(found, status)
		}
	}
	return found
}

// transports are those of the configurations that follow the script.
func (s *Script) transports() []string {
	var found []string
	for name, data := range s.files {
		var file configurationFile
		if !strings.HasSuffix(name, ".json") || json.NewDecoder(bytes.NewReader(data)).Decode(&file) != nil {
			continue
		}
		t := "TCP"
		switch {
		case file.Remote.Protocol == "UDP":
			t = "UDP"
		case bytes.Contains(file.Local, []byte(`"tls"`)):
			t = "TLS"
		}
		if !slices.Contains(found, t) {
			found = append(found, t)
		}
	}
	return found
}

func writeCoverage(w io.Writer, scripts []*Script) {
	fmt.Fprint(w, "## Coverage\n\nHow many scenarios show a message, with which status beside it, over which transport, and on which [runner](../docs/runners.md).\n\n| message |")
	for s := fakecas.Created; s <= fakecas.Disconnected; s++ {
		fmt.Fprintf(w, " %s |", s)
	}
	fmt.Fprintf(w, " %s |", strings.Join(transports, " | "))
	for _, r := range Runners() {
		fmt.Fprintf(w, " %s |", r)
	}
	fmt.Fprintln(w, "\n|---|---|---|---|---|---|---|---|---|---|---|---|")
	for _, c := range CoverageOf(scripts) {
		fmt.Fprintf(w, "| `%s` |", c.Message.ID)
		for s := fakecas.Created; s <= fakecas.Disconnected; s++ {
			fmt.Fprintf(w, " %s |", countOf(c.Statuses[s.String()]))
		}
		for _, t := range transports {
			fmt.Fprintf(w, " %s |", countOf(c.Transports[t]))
		}
		for _, r := range Runners() {
			fmt.Fprintf(w, " %s |", countOf(c.Runners[r]))
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintln(w)
}

func countOf(ids []string) string {
	if len(ids) == 0 {
		return "–"
	}
	return fmt.Sprint(len(ids))
}
