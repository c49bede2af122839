package fakecas

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/agent/console"
)

// previewed posts a form for a preview, and returns the status and the page.
func (w *world) previewed(path string, c console.Configuration, change ...string) (int, string) {
	form := formOf(c)
	form.Set("step", "3")
	form.Set("go", "preview")
	for i := 0; i+1 < len(change); i += 2 {
		form.Set(change[i], change[i+1])
	}
	r := w.page("POST", path, form)
	return r.Code, r.Body.String()
}

// Both places where filters are entered show what they let through, and change
// nothing by it.
func TestWhatAFilterLetsThroughIsShownBeforeOneGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.Tenant().AddActivities(40, Spread{Ago: time.Hour, Over: time.Hour})
		_, err := w.Tenant().Import([]byte(`{"activities":[{"_id":"mine","timestamp":1,"created":2,"description":"Sent <b>all</b>","appName":"Post office","user":{"userName":"zoe@contoso.com"}}],
			"alerts":[{"_id":"alert","timestamp":3,"title":"Honeytoken","entities":[{"type":"account","label":"eve"},{"type":"service","label":"Active Directory"}]}]}`), false)
		w.Expect(err).NotTo(HaveOccurred())
		for _, path := range []string{"/agents/new", "/agents/" + w.agent + "/edit"} {
			status, page := w.previewed(path, configured("drill"))
			w.Expect(status).To(Equal(200))
			w.Expect(page).To(ContainSubstring("Activities: 41 match"))
			w.Expect(page).To(ContainSubstring("Alerts: 1 match"))
			w.Expect(strings.Count(page, "<tr>")).To(Equal(2+previewRows+1), "two headings, the newest activities, one alert")
			for _, text := range []string{"Honeytoken", "eve", "Active Directory"} {
				w.Expect(page).To(ContainSubstring(text))
			}
			status, page = w.previewed(path, configured("drill"), "alerts", "", "activitiesFilter", `{"user.username":{"eq":"zoe@contoso.com"}}`)
			w.Expect(status).To(Equal(200))
			w.Expect(page).To(ContainSubstring("Activities: 1 matches"))
			w.Expect(page).To(ContainSubstring("Sent &lt;b&gt;all"))
			w.Expect(page).To(ContainSubstring("Post office"))
			w.Expect(page).To(ContainSubstring("1970-01-01 00:00:00 UTC"))
			w.Expect(page).NotTo(ContainSubstring("Honeytoken"), "alerts are not forwarded")
			w.Expect(page).To(ContainSubstring(`name="activitiesFilter"`), "the form is still there")

			_, page = w.previewed(path, configured("drill"), "alertsFilter", `{"severity":{"eq":9}}`)
			w.Expect(page).To(ContainSubstring("Alerts: none matches"))
			status, page = w.previewed(path, configured("drill"), "activitiesFilter", `{"colour":{"eq":1}}`)
			w.Expect(status).To(Equal(400))
			w.Expect(page).To(ContainSubstring("unknown filter"))
			w.Expect(page).NotTo(ContainSubstring("match;"))
		}
		w.Expect(w.Tenant().Agents()).To(HaveLen(1))
		v, _ := w.Tenant().Agent(w.agent)
		w.Expect(v.Configuration.Version).To(Equal("1"), "it was not saved")
	})
}

func TestARecoveryAgentsPreviewIsOfItsTimeFrame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.Tenant().AddActivities(4, Spread{Ago: time.Hour, Over: 3 * time.Hour}) // 4, 3, 2 and 1 h ago
		c := configured("drill")
		c.Recovery = &console.Recovery{From: time.Now().Add(-3 * time.Hour), To: time.Now().Add(-time.Hour)}
		_, page := w.previewed("/agents/new", c)
		w.Expect(page).To(ContainSubstring("Activities: 2 match"), "the end is not in it")
		w.Expect(page).NotTo(ContainSubstring("Alerts: "), "activities only")
	})
}

func TestThePreviewIsInTheReadersLanguage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		form := formOf(configured("drill"))
		form.Set("step", "3")
		form.Set("go", "preview")
		page := w.page("POST", "/agents/new", form, "Cookie", "lang=nl").Body.String()
		w.Expect(page).To(ContainSubstring("Resultaten bekijken"))
		w.Expect(page).To(ContainSubstring("Activiteiten: geen enkele komt overeen"))
	})
}

// Whatever a customer's records look like, there is a row.
func FuzzPreviewRow(f *testing.F) {
	f.Add(`{"_id":"x","timestamp":1}`)
	f.Add(`{"timestamp":1e99,"user":null,"entities":[null,{"type":"account"}],"description":7}`)
	f.Fuzz(func(t *testing.T, record string) {
		if json.Valid([]byte(record)) {
			_ = previewRowOf([]byte(record))
		}
	})
}

// Changing the language must not cost what was entered, nor a token that is
// shown once.
func TestNoLinkLeadsAwayFromWhatCanNotBeAskedForAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		const link = `hreflang="nl"`
		w.Expect(w.page("GET", "/agents/new", nil).Body.String()).To(ContainSubstring(link))
		second := w.page("POST", "/agents/new", url.Values{"step": {"1"}, "go": {"next"}, "name": {"x"}, "format": {"Generic CEF"}, "timeFormat": {"RFC 5424"}})
		w.Expect(second.Body.String()).To(ContainSubstring(`name="host"`))
		w.Expect(second.Body.String()).NotTo(ContainSubstring(link))
		shown := w.page("POST", "/agents/"+w.agent+"/regenerate", url.Values{}).Header().Get("Location")
		page := w.page("GET", shown, nil).Body.String()
		w.Expect(page).To(ContainSubstring(`id="token"`))
		w.Expect(page).NotTo(ContainSubstring(link))
		w.Expect(w.page("GET", shown, nil).Body.String()).To(ContainSubstring(link), "there is nothing to lose any more")
	})
}

func TestSavingATimeFrameKeepsItsSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		from := time.Date(2026, 1, 1, 10, 0, 7, 250e6, time.UTC)
		w.Expect(w.Tenant().EditAgent(w.agent, func(c *console.Configuration) {
			c.Recovery = &console.Recovery{From: from, To: from.Add(time.Hour)}
		})).To(Succeed())
		v, _ := w.Tenant().Agent(w.agent)
		w.Expect(w.page("POST", "/agents/"+w.agent+"/edit", formOf(v.Configuration)).Code).To(Equal(303))
		v, _ = w.Tenant().Agent(w.agent)
		w.Expect(v.Configuration.Recovery.From).To(BeTemporally("==", from))
		form := formOf(v.Configuration)
		form.Set("from", "2026-01-01T10:00") // as a browser writes a whole minute
		w.Expect(w.page("POST", "/agents/"+w.agent+"/edit", form).Code).To(Equal(303))
		v, _ = w.Tenant().Agent(w.agent)
		w.Expect(v.Configuration.Recovery.From).To(BeTemporally("==", from.Truncate(time.Minute)))
	})
}

func TestATokenRegeneratedByNameIsShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		shown := w.page("POST", "/agents/drill/regenerate", url.Values{}).Header().Get("Location")
		v, _ := w.Tenant().Agent("drill")
		w.Expect(w.page("GET", shown, nil).Body.String()).To(ContainSubstring(v.Token))
	})
}
