package fakecas

import (
	"bufio"
	"fmt"
	"html"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/agent/console"
)

// page asks the portal for a page, or posts a form to it.
func (w *world) page(method, path string, form url.Values, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://localhost"+path, strings.NewReader(form.Encode()))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	if w.portal == nil {
		w.portal = w.Control()
	}
	rec := httptest.NewRecorder()
	w.portal.ServeHTTP(rec, r)
	return rec
}

func TestThePageShowsTheVendorsColumns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		for lang, columns := range map[string][]string{
			"en": {"Name", "Created by", "Token owner", "Type", "Status", "Last connection", "Agent notifications"},
			"nl": {"Naam", "Gemaakt door", "Tokeneigenaar", "Type", "Status", "Laatste verbinding", "Agentmeldingen"},
		} {
			body := w.page("GET", "/?lang="+lang, nil).Body.String()
			at := 0
			for _, c := range columns {
				next := strings.Index(body[at:], `<th scope="col">`+c+`</th>`)
				w.Expect(next).To(BeNumerically(">", 0), c)
				at += next
			}
			w.Expect(body).To(ContainSubstring(`<html lang="` + lang + `">`))
		}
		w.Expect(w.page("GET", "/", nil, "Accept-Language", "nl-NL,nl;q=0.9").Body.String()).To(ContainSubstring("Gemaakt door"))
		w.Expect(w.page("GET", "/", nil, "Cookie", "lang=nl").Body.String()).To(ContainSubstring("Gemaakt door"))
	})
}

func TestThePageShowsStatusesAndNotifications(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		body := func() string { return w.page("GET", "/", nil).Body.String() }
		w.Expect(body()).To(ContainSubstring(`class="status created"`))
		w.contact(console.Notification{ID: console.DataServerSendError, Since: time.Now(), Detail: `reset by <b>"peer"</b>`})
		w.Expect(body()).To(ContainSubstring(`class="status connected"`))
		w.Expect(body()).To(ContainSubstring("Data server send error"))
		w.Expect(body()).To(ContainSubstring("Check the host name and the port"))
		w.Expect(body()).To(ContainSubstring("reset by &lt;b&gt;"))
		w.Expect(w.page("GET", "/?lang=nl", nil).Body.String()).To(ContainSubstring("Verzendfout bij gegevensserver"))
		w.contact()
		w.Expect(body()).To(ContainSubstring("resolved"))
		time.Sleep(3 * time.Hour)
		w.Expect(body()).To(ContainSubstring(`class="status connection-error"`))
		time.Sleep(10 * time.Hour)
		w.Expect(body()).To(ContainSubstring(`class="status disconnected"`))
		w.Expect(body()).NotTo(ContainSubstring(w.token))
	})
}

// hiddenInputs are what a step of the wizard carries on.
func hiddenInputs(body string) url.Values {
	form := url.Values{}
	for _, m := range regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`).FindAllStringSubmatch(body, -1) {
		form.Set(m[1], html.UnescapeString(m[2]))
	}
	return form
}

func TestTheWizardHasFourSteps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		step := func(form url.Values, fields ...string) (string, url.Values) {
			for i := 0; i+1 < len(fields); i += 2 {
				form.Set(fields[i], fields[i+1])
			}
			form.Set("go", "next")
			r := w.page("POST", "/agents/new", form)
			return r.Header().Get("Location") + r.Body.String(), hiddenInputs(r.Body.String())
		}
		w.Expect(w.page("GET", "/agents/new", nil).Body.String()).To(ContainSubstring(`name="includePRI" value="true" checked`))
		first := url.Values{"step": {"1"}, "format": {"Micro Focus ArcSight"}, "timeFormat": {"RFC 3164 with year"}, "includePRI": {"true"}}
		body, _ := step(first)
		w.Expect(body).To(ContainSubstring("name: expected a name"))
		body, form := step(first, "name", `Second "<agent>"`)
		w.Expect(body).To(ContainSubstring(`name="port"`))
		body, _ = step(form, "host", "siem.contoso.test", "port", "99999", "protocol", "UDP")
		w.Expect(body).To(ContainSubstring("remote.port: 99999: expected 1 to 65535"))
		body, form = step(form, "port", "1514")
		w.Expect(body).To(ContainSubstring(`name="activitiesFilter"`))
		body, _ = step(form, "activities", "true", "activitiesFilter", `{"colour":{"eq":1}}`)
		w.Expect(body).To(ContainSubstring("unknown filter"))
		location, _ := step(form, "activitiesFilter", `{"service":{"eq":[11161]}}`)
		w.Expect(location).To(HavePrefix("/agents/"))

		a, ok := w.Tenant().Agent(`Second "<agent>"`)
		w.Expect(ok).To(BeTrue())
		c := a.Configuration
		w.Expect(c.Format).To(Equal(console.ArcSight))
		w.Expect(c.TimeFormat).To(Equal(console.RFC3164WithYear))
		w.Expect(c.IncludePRI).To(BeTrue())
		w.Expect(c.IncludeSystemName).To(BeFalse())
		w.Expect(c.Remote).To(Equal(console.Remote{Host: "siem.contoso.test", Port: 1514, Protocol: console.UDP}))
		w.Expect(c.Alerts.Enabled).To(BeFalse())
		w.Expect(c.Activities.Enabled).To(BeTrue())
		w.Expect(string(c.Activities.Filters)).To(Equal(`{"service":{"eq":[11161]}}`))

		path := strings.SplitAfter(location, "?new=1")[0]
		w.Expect(w.page("GET", path, nil).Body.String()).To(ContainSubstring(a.Token))
		w.Expect(w.page("GET", path, nil).Body.String()).NotTo(ContainSubstring(a.Token), "it is shown once")
	})
}

func TestTheWizardGoesBackWithoutLosingAnything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		body := w.page("POST", "/agents/new", url.Values{"step": {"2"}, "go": {"back"}, "name": {"mine"}, "host": {"half"}}).Body.String()
		w.Expect(body).To(ContainSubstring(`name="name" value="mine"`))
		w.Expect(body).To(ContainSubstring(`<input type="hidden" name="host" value="half">`))
		for _, form := range []url.Values{{}, {"step": {"9"}}, {"step": {"x"}}} {
			w.Expect(w.page("POST", "/agents/new", form).Code).To(Equal(400))
		}
	})
}

func TestTheRowMenu(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		base := "/agents/" + w.agent
		form := formOf(configured("drill"))
		form.Set("port", "6514")
		w.Expect(w.page("GET", base+"/edit", nil).Body.String()).To(ContainSubstring(`value="514"`))
		w.Expect(w.page("POST", base+"/edit", form).Code).To(Equal(303))
		v, _ := w.Tenant().Agent(w.agent)
		w.Expect(v.Configuration.Remote.Port).To(Equal(6514))
		w.Expect(v.Configuration.Version).To(Equal("2"))
		w.page("POST", base+"/edit", form)
		v, _ = w.Tenant().Agent(w.agent)
		w.Expect(v.Configuration.Version).To(Equal("2"), "saving what is there already changes nothing")
		form.Set("from", "2026-01-01T10:00")
		w.Expect(w.page("POST", base+"/edit", form).Body.String()).To(ContainSubstring("recovery: to: &#34;&#34;: expected a date"))

		w.Expect(w.page("GET", base+"/regenerate", nil).Body.String()).To(ContainSubstring("Regenerate the token of drill?"))
		w.Expect(w.contact().status).To(Equal(200), "asking does nothing")
		r := w.page("POST", base+"/regenerate", url.Values{})
		w.Expect(w.contact().status).To(Equal(401))
		v, _ = w.Tenant().Agent(w.agent)
		w.Expect(w.page("GET", r.Header().Get("Location"), nil).Body.String()).To(ContainSubstring(v.Token))

		w.Expect(w.page("GET", base+"/delete", nil).Body.String()).To(ContainSubstring("Delete drill?"))
		w.Expect(w.page("POST", base+"/delete", url.Values{}).Code).To(Equal(303))
		w.Expect(w.Tenant().Agents()).To(BeEmpty())
		w.Expect(w.page("GET", "/", nil).Body.String()).To(ContainSubstring("There are no SIEM agents yet."))
		for _, path := range []string{"/edit", "/regenerate", "/delete", "/token"} {
			w.Expect(w.page("GET", base+path, nil).Code).To(Equal(404))
		}
		for _, path := range []string{"/edit", "/regenerate", "/delete"} {
			w.Expect(w.page("POST", base+path, url.Values{}).Code).To(Equal(404))
		}
	})
}

func TestThePortalIsNotForOtherPages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		path := "/agents/" + w.agent + "/delete"
		w.Expect(w.page("POST", path, url.Values{}, "Origin", "http://attacker.test").Code).To(Equal(403))
		w.Expect(w.page("POST", path, url.Values{}, "Sec-Fetch-Site", "cross-site").Code).To(Equal(403))
		w.Expect(w.Tenant().Agents()).To(HaveLen(1))
	})
}

// The table arrives again when something in it has changed.
func TestThePageIsLive(t *testing.T) {
	g := NewWithT(t)
	srv := NewTestServer(t)
	control, err := srv.StartControl("127.0.0.1:0")
	g.Expect(err).NotTo(HaveOccurred())
	stream, err := http.Get("http://" + control.String() + "/live?lang=nl")
	g.Expect(err).NotTo(HaveOccurred())
	defer stream.Body.Close()
	g.Expect(stream.Header.Get("Content-Type")).To(Equal("text/event-stream"))
	lines := bufio.NewScanner(stream.Body)
	until := func(want string) {
		for lines.Scan() {
			if strings.Contains(lines.Text(), want) {
				return
			}
		}
		t.Fatalf("%q never came", want)
	}
	until("Gemaakt")
	srv.Tenant().contact(srv.Tenant().keyOf(srv.Token).agent, console.Contact{})
	until("Verbonden")
	g.Expect(srv.Tenant().DeleteAgent("test")).To(Succeed())
	until("geen SIEM-agents")
}

// Nothing is loaded from elsewhere.
func TestNoAssetComesFromElsewhere(t *testing.T) {
	g := NewWithT(t)
	foreign := regexp.MustCompile(`(?i)(src|href|url\(|@import|fetch\(|EventSource\()\s*=?\s*["'(]?\s*(https?:)?//`)
	g.Expect(fs.WalkDir(portalFiles, "portal", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			content, err := fs.ReadFile(portalFiles, path)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(foreign.FindString(string(content))).To(BeEmpty(), path)
		}
		return err
	})).To(Succeed())
}

// Every text is in both languages, and every text that a page names is there.
func TestTextsAreComplete(t *testing.T) {
	g := NewWithT(t)
	used := map[string]bool{}
	g.Expect(fs.WalkDir(portalFiles, "portal", func(path string, d fs.DirEntry, err error) error {
		content, _ := fs.ReadFile(portalFiles, path)
		for _, m := range regexp.MustCompile(`\.T "([^"]+)"`).FindAllStringSubmatch(string(content), -1) {
			used[m[1]] = true
		}
		return err
	})).To(Succeed())
	for _, key := range []string{"step-token", "regenerate-question", "regenerate-effect", "delete-question", "delete-effect", "preview-none", "preview-one", "preview-many"} {
		used[key] = true // named by the code
	}
	for key := range used {
		g.Expect(portalTexts).To(HaveKey(key))
	}
	for key, text := range portalTexts {
		g.Expect(used).To(HaveKey(key), "it is used nowhere")
		g.Expect(text.English).NotTo(BeEmpty(), key)
		g.Expect(text.Dutch).NotTo(BeEmpty(), key)
		g.Expect(strings.Count(text.English, "%s")).To(Equal(strings.Count(text.Dutch, "%s")), fmt.Sprint(key))
	}
}
