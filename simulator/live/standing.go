package live

import (
	"fmt"
	"strings"
	"time"

	"siemdrill/fakecas"
	"siemdrill/simulator"
)

// Standing is something that was broken and not yet mended.
type Standing struct {
	End   string    `json:"end"` // cas, syslog or network
	ID    string    `json:"id"`
	Text  string    `json:"text"` // as it was asked for
	Since time.Time `json:"since"`
	Hits  int       `json:"hits"` // -1: nobody counts them
	Heal  string    `json:"heal"` // the command that mends it
}

// faultsOf are the faults that stand at both ends.
func faultsOf(lab *simulator.Live, events []simulator.Event) []Standing {
	all := []Standing{}
	for _, f := range lab.CAS.Faults() {
		all = append(all, Standing{End: "cas", ID: f.ID, Text: f.Name})
	}
	for _, f := range lab.Syslog.Faults() {
		all = append(all, Standing{End: "syslog", ID: f.ID, Text: f.Name})
	}
	names := map[string]int{}
	for _, f := range all {
		names[f.End+" "+f.Text]++
	}
	for i := range all {
		f := &all[i]
		word := f.Text
		if names[f.End+" "+f.Text] > 1 { // by its name, it could be another one
			word = f.ID
		}
		f.Heal = f.End + " heal " + word
		follow(f, events, fmt.Sprintf(" seed=%d", lab.Seed))
	}
	return all
}

// follow fills in what the History has about a fault. Both fakes use the same
// kinds, and give the fault's id as the record. Seed is what the receiver says of
// a fault that was given none.
func follow(f *Standing, events []simulator.Event, seed string) {
	for _, e := range events {
		if string(e.Source) != f.End || e.Record != f.ID {
			continue
		}
		switch e.Kind {
		case fakecas.KindFaultInjected:
			f.Text, f.Since, f.Hits = strings.Replace(e.Detail, seed, "", 1), e.T, 0
		case fakecas.KindFaultHit:
			f.Hits++
		}
	}
}

// disturbances are what stands in the network, by the commands that were played:
// each is mended by another command.
func disturbances(lines []Line) []Standing {
	var all []Standing
	end := func(id string) {
		for i, d := range all {
			if d.ID == id {
				all = append(all[:i:i], all[i+1:]...)
				return
			}
		}
	}
	for _, l := range lines {
		words := strings.Fields(l.Text)
		if len(words) != 4 || words[0] != "network" {
			continue
		}
		d := Standing{End: "network", Text: strings.Join(words[1:], " "), Since: l.At, Hits: -1}
		switch words[1] {
		case "cut", "mend":
			a, b := min(words[2], words[3]), max(words[2], words[3])
			d.ID, d.Heal = "cut "+a+" "+b, "network mend "+a+" "+b
		case "name":
			d.ID, d.Heal = "name "+words[2], "network name "+words[2]+" healed"
		default:
			continue
		}
		end(d.ID)
		if words[1] == "cut" || words[1] == "name" && words[3] != "healed" {
			all = append(all, d)
		}
	}
	return all
}
