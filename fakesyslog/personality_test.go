package fakesyslog

import (
	"fmt"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

func TestEveryPersonalityHasEveryTraitWithASource(t *testing.T) {
	g := NewWithT(t)
	names := []string{}
	for _, p := range Personalities() {
		names = append(names, p.Name)
		traits := []string{}
		for _, trait := range p.Traits {
			traits = append(traits, trait.Name)
			g.Expect(trait.Source).NotTo(BeEmpty(), "%s %s", p.Name, trait.Name)
		}
		g.Expect(traits).To(Equal([]string{"framing", "max-size", "long-line", "host", "control", "malformed"}), p.Name)
		g.Expect(p.Apply(&Server{})).To(Succeed(), p.Name)
	}
	g.Expect(names).To(Equal([]string{"strict", "rsyslog", "syslog-ng", "qradar", "arcsight", "splunk"}))
	_, err := PersonalityNamed("nagios")
	g.Expect(err).To(MatchError(ContainSubstring(`unknown personality "nagios", expected one of strict, rsyslog`)))
	g.Expect(Trait{Name: "host", Value: "tea"}.apply(&Server{})).To(MatchError(`"tea", expected one of optional, required`))
	g.Expect(Trait{Name: "control", Value: "tea"}.apply(&Server{})).To(MatchError(`"tea", expected one of reject, escape, keep`))
	g.Expect(Trait{Name: "framing", Value: "tea"}.apply(&Server{})).To(MatchError(`"tea", expected one of non-transparent, nul, octet-counting, guess`))
}

// received sends a stream to a server with a personality and returns the raw
// lines that it kept and where they were booked.
func received(t *testing.T, personality, stream string) (lines []string, places []Place) {
	t.Helper()
	s := &Server{}
	p, err := PersonalityNamed(personality)
	if err != nil {
		t.Fatal(err)
	}
	p.Apply(s)
	w, address := loopback(t, s)
	c := dial(t, address)
	fmt.Fprint(c, stream)
	c.CloseWrite()
	w.wait(KindClosed, 1)
	for _, e := range s.Arrivals() {
		places = append(places, e.Place)
	}
	return s.Lines(), places
}

func TestPersonalitiesDiffer(t *testing.T) {
	pri := "<14>" + goodLine
	long := pri[:len(pri)-3] + strings.Repeat("x", 5000-len(pri)) + "\n"
	for _, c := range []struct {
		name, personality, stream string
		places                    []Place
	}{
		{"a documented line", "strict", goodLine + "\n", []Place{Parsed}},
		{"a documented line without PRI is taken for an octet count", "rsyslog", goodLine + "\n", []Place{Truncated}},
		{"with a PRI it arrives", "rsyslog", pri + "\n", []Place{Parsed}},
		{"nonsense is taken", "rsyslog", "<14>hello\n", []Place{Parsed}},
		{"nonsense is not", "strict", "hello\n", []Place{Rejected}},
		{"a tab is escaped", "rsyslog", strings.Replace(pri, "Log on", "Log\ton", 2) + "\n", []Place{Parsed}},
		{"a tab is kept", "arcsight", strings.Replace(goodLine, "Log on", "Log\ton", 2) + "\n", []Place{Parsed}},
		{"a byte that is not UTF-8 is not", "arcsight", strings.Replace(goodLine, "Log on", "Log \xff", 2) + "\n", []Place{Rejected}},
		{"a tab is not kept", "strict", strings.Replace(goodLine, "Log on", "Log\ton", 2) + "\n", []Place{Rejected}},
		{"a long line is split", "qradar", long, []Place{Truncated, Parsed}},
		{"a long line fits", "splunk", long, []Place{Parsed}},
	} {
		t.Run(c.personality+"/"+c.name, func(t *testing.T) {
			_, places := received(t, c.personality, c.stream)
			NewWithT(t).Expect(places).To(Equal(c.places))
		})
	}
	lines, _ := received(t, "rsyslog", "<14>a\tb\n")
	NewWithT(t).Expect(lines).To(Equal([]string{"<14>a#011b"}))
}
