package fakecas

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	. "github.com/onsi/gomega"

	"siemdrill/agent/console"
)

// reader is somebody who looks at the portal in a browser.
type reader struct {
	*WithT
	t      *testing.T
	ctx    context.Context
	srv    *Server
	portal string
	http   *http.Client // of the agent
	token  string       // of the agent
}

// newReader opens the portal of a fresh service. Without a browser the test is
// skipped, unless SIEMDRILL_REQUIRE has the word "browser".
func newReader(t *testing.T) *reader {
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(browserPath(t)), chromedp.NoSandbox, chromedp.WindowSize(1280, 800))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, time.Minute)
	t.Cleanup(cancel)
	r := &reader{WithT: NewWithT(t), t: t, ctx: ctx, srv: &Server{}}
	r.Expect(r.srv.Start("127.0.0.1:0")).To(Succeed())
	t.Cleanup(func() { r.srv.Close() })
	control, err := r.srv.StartControl("127.0.0.1:0")
	r.Expect(err).NotTo(HaveOccurred())
	r.portal = "http://" + control.String()
	r.http = (&TestServer{Server: r.srv}).Client()
	t.Cleanup(r.http.CloseIdleConnections)
	return r
}

func browserPath(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	const none = "no browser: expected chromium, chromium-browser or google-chrome on the PATH"
	if strings.Contains(os.Getenv("SIEMDRILL_REQUIRE"), "browser") {
		t.Fatal(none)
	}
	t.Skip(none)
	return ""
}

type css = chromedp.CSS

// does performs actions one after the other.
func (r *reader) does(actions ...chromedp.Action[chromedp.Void]) {
	r.t.Helper()
	r.ExpectWithOffset(1, chromedp.Do(r.ctx, actions...)).To(Succeed())
}

// sees waits until the page says so, without reloading it.
func (r *reader) sees(what string) {
	r.t.Helper()
	_, err := chromedp.Run(r.ctx, chromedp.Poll[bool](fmt.Sprintf(`document.body.innerText.includes(%q)`, what)))
	r.ExpectWithOffset(1, err).NotTo(HaveOccurred(), what)
}

func (r *reader) doesNotSee(what string) {
	r.t.Helper()
	_, err := chromedp.Run(r.ctx, chromedp.Poll[bool](fmt.Sprintf(`!document.body.innerText.includes(%q)`, what)))
	r.ExpectWithOffset(1, err).NotTo(HaveOccurred(), what)
}

// loaded waits until a page that a form led to has its style: before, nothing in
// it has its measure.
func (r *reader) loaded() {
	r.t.Helper()
	_, err := chromedp.Run(r.ctx, chromedp.Poll[bool](`document.readyState === "complete"`))
	r.ExpectWithOffset(1, err).NotTo(HaveOccurred())
}

func evaluate[T any](r *reader, expression string) T {
	r.t.Helper()
	v, err := chromedp.Run(r.ctx, chromedp.Evaluate[T](expression))
	r.ExpectWithOffset(1, err).NotTo(HaveOccurred())
	return v
}

// shoots writes a picture of the page into the folder that
// SIEMDRILL_SCREENSHOTS names, if it does.
func (r *reader) shoots(name string) {
	folder := os.Getenv("SIEMDRILL_SCREENSHOTS")
	if folder == "" {
		return
	}
	picture, err := chromedp.Run(r.ctx, chromedp.CaptureScreenshot())
	r.Expect(err).NotTo(HaveOccurred())
	r.Expect(os.WriteFile(filepath.Join(folder, "portal-"+name+".png"), picture, 0o644)).To(Succeed())
}

// agentSays makes contact as the agent would, and returns the status.
func (r *reader) agentSays(notifications ...console.Notification) int {
	w := &world{WithT: r.WithT, Server: r.srv, client: r.http, token: r.token}
	return w.contact(notifications...).status
}

// The life of an agent as its admin sees it, with the mouse.
func TestAnAgentsLifeInTheBrowser(t *testing.T) {
	r := newReader(t)
	r.does(chromedp.Navigate(r.portal+"/"), chromedp.WaitVisible(css("#add")))
	r.sees("There are no SIEM agents yet.")

	r.does(chromedp.Click(css("#add")), chromedp.WaitVisible(css("input[name=name]")))
	r.does(chromedp.SendKeys(css("input[name=name]"), "Head office"))
	r.shoots("wizard-general")
	r.does(chromedp.Click(css("button[value=next]")), chromedp.WaitVisible(css("input[name=host]")))
	r.does(chromedp.SendKeys(css("input[name=host]"), "siem.contoso.test"), chromedp.SendKeys(css("input[name=port]"), "514"))
	r.does(chromedp.Click(css("button[value=next]")), chromedp.WaitVisible(css("textarea[name=activitiesFilter]")))
	r.shoots("wizard-data-types")
	r.does(chromedp.Click(css("button[value=next]")), chromedp.WaitVisible(css("#token")))

	r.token = evaluate[string](r, `document.querySelector("#token").textContent`)
	r.Expect(r.token).To(MatchRegexp("^[0-9a-zA-Z=]{64,192}$"))
	r.does(chromedp.Click(css("#copy")), chromedp.WaitVisible(css("#copy-result:not(:empty)")))
	r.does(chromedp.Click(css("#finish")), chromedp.WaitVisible(css(".status.created")))
	r.sees("never")

	r.Expect(r.agentSays()).To(Equal(200))
	r.does(chromedp.WaitVisible(css(".status.connected"))) // nobody reloaded
	refused := console.Notification{ID: console.DataServerConnectionError, Since: time.Now(), Detail: "dial siem.contoso.test:514: connection refused"}
	r.Expect(r.agentSays(refused)).To(Equal(200))
	r.sees("Data server connection error")
	r.does(chromedp.Click(css(".notification summary")))
	r.sees("Check the host name and the port")
	r.Expect(r.agentSays(refused, console.Notification{ID: console.InternalError, Since: time.Now(), Detail: "out of memory"})).To(Equal(200))
	r.sees("Internal error")
	r.sees("Check the host name and the port") // what was open is still open
	r.shoots("agents")
	r.Expect(r.agentSays()).To(Equal(200))
	r.doesNotSee("Check the host name and the port")
	r.sees("Resolved (3)")

	r.does(chromedp.Click(css(".menu summary")), chromedp.WaitVisible(css(".menu a")))
	r.shoots("menu")
	r.does(chromedp.Click(css(".menu a[href$='/edit']")), chromedp.WaitVisible(css("input[name=port]")))
	r.does(chromedp.Clear(css("input[name=port]")), chromedp.SendKeys(css("input[name=port]"), "6514"))
	r.does(chromedp.Click(css("button.primary")), chromedp.WaitVisible(css("#agents table")))
	r.sees("siem.contoso.test:6514")

	old := r.token
	r.does(chromedp.Click(css(".menu summary")), chromedp.Click(css(".menu a[href$='/regenerate']")), chromedp.WaitVisible(css("form button.primary")))
	r.sees("Regenerate the token of Head office?")
	r.does(chromedp.Click(css("form button.primary")), chromedp.WaitVisible(css("#token")))
	r.token = evaluate[string](r, `document.querySelector("#token").textContent`)
	r.Expect(r.token).NotTo(Equal(old))
	r.shoots("token")
	r.Expect(r.agentSays()).To(Equal(200))
	r.does(chromedp.Reload())
	r.sees("shown once and can't be shown again")

	r.does(chromedp.Click(css("a[href='/']")), chromedp.WaitVisible(css(".menu summary")))
	r.does(chromedp.Click(css(".menu summary")), chromedp.Click(css(".menu a[href$='/delete']")), chromedp.WaitVisible(css("form button.danger")))
	r.does(chromedp.Click(css("form button.danger")), chromedp.WaitVisible(css("#add")))
	r.sees("There are no SIEM agents yet.")
	r.Expect(r.agentSays()).To(Equal(410))
}

// A filter is tried in the wizard's third step, and again when the agent is
// edited; what was entered stays.
func TestAFilterIsTriedInTheBrowser(t *testing.T) {
	r := newReader(t)
	r.srv.Tenant().AddActivities(60, Spread{Ago: time.Minute, Over: time.Hour})
	r.srv.Tenant().AddAlerts(6, Spread{Ago: time.Minute, Over: time.Hour})
	r.does(chromedp.Navigate(r.portal+"/agents/new"), chromedp.WaitVisible(css("input[name=name]")))
	r.does(chromedp.SendKeys(css("input[name=name]"), "Filtered"), chromedp.Click(css("button[value=next]")), chromedp.WaitVisible(css("input[name=host]")))
	r.does(chromedp.SendKeys(css("input[name=host]"), "siem"), chromedp.SendKeys(css("input[name=port]"), "514"))
	r.does(chromedp.Click(css("button[value=next]")), chromedp.WaitVisible(css("textarea[name=activitiesFilter]")))
	r.does(chromedp.SendKeys(css("textarea[name=activitiesFilter]"), `{"user.username":{"eq":"nobody@contoso.com"}}`))
	r.does(chromedp.Click(css("button[value=preview]")), chromedp.WaitVisible(css("#preview h2")))
	r.sees("Activities: none matches")
	r.sees("Alerts: 6 match")
	r.does(chromedp.Clear(css("textarea[name=activitiesFilter]")), chromedp.Click(css("button[value=preview]")), chromedp.WaitVisible(css("#preview table:nth-of-type(2)")))
	r.sees("Activities: 60 match")
	r.shoots("wizard-preview")
	r.does(chromedp.Click(css("button[value=next]")), chromedp.WaitVisible(css("#token")))

	a := r.srv.Tenant().Agents()[0]
	r.does(chromedp.Navigate(r.portal+"/agents/"+a.ID+"/edit"), chromedp.WaitVisible(css("input[name=port]")))
	r.does(chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile, chromedp.EmulateScale(2)))
	r.does(chromedp.Click(css("button[value=preview]")), chromedp.WaitVisible(css("#preview h2")))
	r.loaded()
	r.sees("Activities: 60 match")
	r.Expect(evaluate[int](r, `document.documentElement.scrollWidth`)).To(BeNumerically("<=", 360))
	r.shoots("phone-preview")
}

// The same wizard, row menu and languages with nothing but the keyboard.
func TestThePortalByKeyboard(t *testing.T) {
	r := newReader(t)
	r.does(chromedp.Navigate(r.portal+"/agents/new"), chromedp.WaitVisible(css("input[name=name]")))
	focused := func() string {
		return evaluate[string](r, `document.activeElement.name || document.activeElement.textContent.trim()`)
	}
	r.Expect(focused()).To(Equal("name"))
	r.does(chromedp.KeyEvent("By keyboard" + kb.Enter))
	r.does(chromedp.WaitVisible(css("input[name=host]")))
	r.Expect(focused()).To(Equal("host"))
	r.does(chromedp.KeyEvent("siem" + kb.Tab + "514" + kb.Enter))
	r.does(chromedp.WaitVisible(css("textarea")), chromedp.Focus(css("input[name=alerts]")), chromedp.KeyEvent(kb.Enter))
	r.does(chromedp.WaitVisible(css("#finish")), chromedp.Focus(css("#finish")), chromedp.KeyEvent(kb.Enter))
	r.does(chromedp.WaitVisible(css(".menu summary")), chromedp.Focus(css(".menu summary")), chromedp.KeyEvent(kb.Enter))
	r.does(chromedp.WaitVisible(css(".menu a")), chromedp.KeyEvent(kb.Tab))
	r.Expect(focused()).To(Equal("Edit"))
	r.does(chromedp.KeyEvent(kb.Escape), chromedp.WaitReady(css(".menu:not([open])")))
	r.Expect(focused()).To(Equal("⋯"))

	// The table comes anew; the focus stays.
	a := r.srv.Tenant().Agents()[0]
	r.token = a.Token
	r.Expect(r.agentSays()).To(Equal(200))
	r.does(chromedp.WaitVisible(css(".status.connected")))
	r.Expect(focused()).To(Equal("⋯"))

	r.does(chromedp.Focus(css("nav a[lang=nl]")), chromedp.KeyEvent(kb.Enter), chromedp.WaitReady(css("html[lang=nl]")))
	r.sees("Agentmeldingen")
	r.sees("Verbonden")
	r.shoots("dutch")
}

// On a phone the table is a list of cards, and nothing has to be scrolled
// sideways.
func TestThePortalOnAPhone(t *testing.T) {
	r := newReader(t)
	a, err := r.srv.Tenant().AddAgent(configured("A name that is as long as names of agents get when somebody is thorough"))
	r.Expect(err).NotTo(HaveOccurred())
	r.token = a.Token
	r.Expect(r.agentSays(console.Notification{ID: console.DataServerSendError, Since: time.Now(), Detail: strings.Repeat("reset-by-peer-", 20)})).To(Equal(200))
	r.does(chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile, chromedp.EmulateScale(2)))
	for _, path := range []string{"/", "/agents/new", "/agents/" + a.ID + "/edit", "/agents/" + a.ID + "/delete"} {
		r.does(chromedp.Navigate(r.portal+path), chromedp.WaitVisible(css("main")))
		r.Expect(evaluate[int](r, `document.documentElement.scrollWidth`)).To(BeNumerically("<=", 360), path)
	}
	r.does(chromedp.Navigate(r.portal+"/"), chromedp.Click(css(".notification summary")))
	r.sees("Check the host name and the port")
	r.Expect(evaluate[int](r, `document.documentElement.scrollWidth`)).To(BeNumerically("<=", 360))
	small := evaluate[int](r, `[...document.querySelectorAll("main a, button, .menu > summary")].filter(e => { const b = e.getBoundingClientRect(); return b.height && b.height < 34; }).length`)
	r.Expect(small).To(BeZero(), "what is to be tapped is large enough")
	r.shoots("phone")
}

// The browser complains of nothing: no script error, nothing blocked, nothing
// asked of another host.
func TestTheBrowserComplainsOfNothing(t *testing.T) {
	r := newReader(t)
	complaints := chromedp.Console(r.ctx)
	r.does(chromedp.Navigate(r.portal+"/"), chromedp.WaitVisible(css("#add")))
	r.does(chromedp.Navigate(r.portal+"/agents/new"), chromedp.WaitVisible(css("input[name=name]")))
	hosts := evaluate[[]string](r, `[...new Set(performance.getEntriesByType("resource").map(e => new URL(e.name).host))]`)
	r.Expect(hosts).To(Equal([]string{strings.TrimPrefix(r.portal, "http://")}))
	const end = "that is all"
	evaluate[chromedp.Void](r, `void console.log("`+end+`")`)
	for m, err := range complaints {
		r.Expect(err).NotTo(HaveOccurred())
		if m.Text == end {
			break
		}
		r.Expect(m.String()).To(BeEmpty())
	}
}
