package peer

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/fakecas"
	"siemdrill/fakesyslog"
)

// Lines of awkward records are as documented, as the receiver's strict reader
// sees it, and say what the record says.
func TestLinesAreAsDocumented(t *testing.T) {
	g := NewWithT(t)
	tenant := fakecas.NewTestServer(t).Tenant()
	tenant.AddActivities(2000, fakecas.Spread{Over: time.Hour}) // of everything in the catalogue
	tenant.AddAlerts(500, fakecas.Spread{Over: time.Hour})
	for _, kind := range []fakecas.Type{fakecas.Activity, fakecas.Alert} {
		for c := range tenant.Contents(kind, 0) {
			line := appendLine(nil, "contoso", &c)
			end := len(line) - 1
			g.Expect(line[end]).To(Equal(byte('\n')))
			read := fakesyslog.ParseLine(line[:end])
			g.Expect(read.Deviations).To(BeEmpty(), "%s", line)
			g.Expect(string(read.ID())).To(Equal(c.ID))
			g.Expect(read.Stamp.Time(c.Timestamp)).To(BeTemporally("==", c.Timestamp))
			g.Expect(read.CEF.Title()).To(Equal(c.Name))
			for key, want := range map[string]string{"suser": c.User, "destinationServiceName": c.App} {
				value, _ := read.CEF.Value(key)
				g.Expect(value).To(Equal(want), "%s in %s", key, line)
			}
		}
	}
}

func TestEscapes(t *testing.T) {
	g := NewWithT(t)
	g.Expect(string(appendHeader(nil, "a|b\\c=d\ne\x7f"))).To(Equal(`a\|b\\c=d e `))
	g.Expect(string(appendValue(nil, "a|b\\c=d\ne\r\tf"))).To(Equal(`a|b\\c\=d\ne\r f`))
	g.Expect(string(appendValue(nil, ""))).To(BeEmpty())
}
