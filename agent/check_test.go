package agent

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/agent/console"
	"siemdrill/agent/internal/wiretest"
)

// check returns what Check says of each thing.
func (w *world) check(g *WithT) (map[Thing]Finding, int) {
	findings, err := Check(context.Background(), w.config())
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(findings).To(HaveLen(7))
	by := map[Thing]Finding{}
	for _, f := range findings {
		by[f.Thing] = f
	}
	g.Expect(by).To(HaveLen(7), "each thing once")
	return by, CheckStatus(findings)
}

func TestCheckFindsEverythingGood(t *testing.T) {
	inWorld(t, func(g *WithT, w *world) {
		w.add(10)
		found, status := w.check(g)
		g.Expect(status).To(Equal(0))
		for thing, f := range found {
			g.Expect(f.Opinion).To(Equal(Good), "%s: %s", thing, f.Detail)
			g.Expect(f.Remedy).To(BeEmpty())
		}
		g.Expect(found[TheReceiver].Detail).To(HavePrefix("syslog.example:514: proven: "))
		g.Expect(found[TheConfiguration].Detail).To(Equal("agent 0123456789abcdef01234567 of tenant contoso, to syslog.example:514 over TCP"))
		g.Expect(w.contacts).To(BeEmpty(), "it is no contact")
		g.Expect(w.received).To(BeEmpty(), "and forwards nothing")
	})
}

func TestCheckSaysWhatIsWrongAndWhatToDo(t *testing.T) {
	for name, c := range map[string]struct {
		given  func(w *world)
		thing  Thing
		status int
		detail string
		remedy string
	}{
		"the token's form":       {func(w *world) { w.token = "abc" }, TheToken, 5, "64 to 192", "regenerate"},
		"the token":              {func(w *world) { w.status = http.StatusUnauthorized }, TheToken, 5, "answered 401", "regenerate"},
		"the proxy's form":       {func(w *world) { w.proxy = "ftp://proxy" }, TheProxy, 6, "ftp", "proxy's address"},
		"the proxy is not there": {func(w *world) { w.proxy = "192.0.2.77" }, TheProxy, 6, "192.0.2.77:8080: connection refused", "proxy's address"},
		"the service":            {func(w *world) { w.settings.Service = "https://fabrikam.example" }, TheService, 1, "no such host", "https://fabrikam.example"},
		"its certificate":        {func(w *world) { w.newCertificate() }, TheService, 1, "authority that is not trusted", "certificate"},
		"not that protocol":      {func(w *world) { w.status = http.StatusNotFound }, TheConfiguration, 1, "answered 404", "--configuration FILE"},
		"the agent is deleted":   {func(w *world) { w.status = http.StatusGone }, TheConfiguration, 1, "deleted", "add an agent"},
		"the API":                {func(w *world) { w.refusal = http.StatusForbidden }, TheRecords, 1, "answered 403", "token's owner"},
		"the receiver":           {func(w *world) { w.receivers["192.0.2.1:514"] = nil }, TheReceiver, 1, "connection refused", "firewall"},
		"the receiver's name":    {func(w *world) { w.configuration.Remote.Host = "moved.example" }, TheReceiver, 1, "no such host", "host name"},
		"a torn checkpoint":      {tearCheckpoint, TheCheckpoint, 3, "it is torn", "user that runs"},
		"a CA file that is gone": {func(w *world) { w.settings.CAFile = "/nowhere" }, TheConfiguration, 3, "/nowhere", "files"},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(g *WithT, w *world) {
				c.given(w)
				found, status := w.check(g)
				g.Expect(found[c.thing].Opinion).To(Equal(Bad), "%+v", found)
				g.Expect(found[c.thing].Detail).To(ContainSubstring(c.detail))
				g.Expect(found[c.thing].Remedy).To(ContainSubstring(c.remedy))
				g.Expect(status).To(Equal(c.status))
				all, _ := json.Marshal(found)
				g.Expect(string(all)).NotTo(ContainSubstring(w.token))
			})
		})
	}
}

func tearCheckpoint(w *world) {
	stop := w.start()
	pass(time.Minute)
	stop()
	files, _ := filepath.Glob(filepath.Join(w.settings.CheckpointDirectory, "*.json"))
	os.WriteFile(files[0], []byte(`{"kind":`), 0o600)
}

func TestCheckSaysWhatCanNotBeProven(t *testing.T) {
	for name, c := range map[string]struct {
		given  func(w *world)
		detail string
	}{
		"UDP":                       {func(w *world) { w.configuration.Remote.Protocol = console.UDP }, "nothing answers over UDP"},
		"it doesn't close":          {func(w *world) { w.receivers["192.0.2.1:514"] = func(*wiretest.End) {} }, "it does not close"},
		"it resets what was closed": {func(w *world) { w.receivers["192.0.2.1:514"] = func(end *wiretest.End) { end.WaitEOF(); end.Reset() } }, "not proven: "},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(g *WithT, w *world) {
				c.given(w)
				found, status := w.check(g)
				g.Expect(found[TheReceiver].Opinion).To(Equal(NotProven), "%+v", found[TheReceiver])
				g.Expect(found[TheReceiver].Detail).To(ContainSubstring(c.detail))
				g.Expect(status).To(Equal(0))
			})
		})
	}
}

func TestCheckBesideARunningAgent(t *testing.T) {
	inWorld(t, func(g *WithT, w *world) {
		stop := w.start()
		pass(time.Minute)
		found, status := w.check(g)
		g.Expect(status).To(Equal(0))
		g.Expect(found[TheCheckpoint].Detail).To(ContainSubstring("in use"))
		g.Expect(stop()).To(Succeed())
	})
}
