package simulator

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// WriteCatalogue writes what the scenarios show, as Markdown: by documented
// message, with what is beside it, by fault in the field, and one by one.
func WriteCatalogue(w io.Writer, scripts []*Script) {
	fmt.Fprint(w, "<!-- Written by \"make catalogue\"; change a script's first lines, messages.yaml or faults.yaml instead. -->\n"+
		"# The catalogue\n\n"+
		"Play one with `make scenario ID=…`, all with `make scenarios`.\n\n"+
		"## By message\n\n")
	for _, kind := range []struct{ kind, title string }{
		{"console", "Printed by the agent when it starts or ends"},
		{"notification", "Notifications in the portal"},
		{"status", "Statuses in the portal"},
	} {
		fmt.Fprintf(w, "### %s\n\n", kind.title)
		for _, m := range Messages() {
			if m.Kind == kind.kind {
				writeMessage(w, m, scripts)
			}
		}
	}
	writeCoverage(w, scripts)
	writeFieldFaults(w, scripts)
	writeScenarios(w, scripts)
}

func writeMessage(w io.Writer, m Message, scripts []*Script) {
	fmt.Fprintf(w, "**%s** / %s (`%s`)  \n%s %s  \n", m.English, m.Dutch, m.ID, m.Meaning.English, m.Remedy.English)
	fmt.Fprintf(w, "%s\n\n", strings.Join(linksTo(scripts, func(s *Script) bool { return slices.Contains(s.Shows, m.ID) }), ", "))
}

func writeFieldFaults(w io.Writer, scripts []*Script) {
	fmt.Fprint(w, "## By fault in the field\n\n"+
		"How we know: the vendor's documentation, reports of others that use the same API, reports of other syslog forwarders or receivers, or our own conclusion.\n\n"+
		"| fault | what | known from | shown by |\n|---|---|---|---|\n")
	for _, f := range FieldFaults() {
		shown := strings.Join(linksTo(scripts, func(s *Script) bool { return slices.Contains(s.Faults, f.Number) }), ", ")
		if f.NotShown != "" {
			shown = "not shown: " + f.NotShown
		}
		known := strings.Join(f.Known, ", ")
		if f.Source != "" {
			known += ": " + f.Source
		}
		fmt.Fprintf(w, "| %s | %s | %s | %s |\n", f.Number, f.What, known, shown)
	}
}

func writeScenarios(w io.Writer, scripts []*Script) {
	fmt.Fprint(w, "\n## One by one\n\n| scenario | what it plays | faults |\n|---|---|---|\n")
	for _, s := range scripts {
		fmt.Fprintf(w, "| %s | %s | %s |\n", linkTo(s), s.Title, strings.Join(s.Faults, ", "))
	}
}

func linksTo(scripts []*Script, shows func(*Script) bool) []string {
	var links []string
	for _, s := range scripts {
		if shows(s) {
			links = append(links, linkTo(s))
		}
	}
	return links
}

func linkTo(s *Script) string { return fmt.Sprintf("[%s](%s.txtar)", s.ID, s.ID) }
