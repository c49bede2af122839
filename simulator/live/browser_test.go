package live_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	. "github.com/onsi/gomega"

	"siemdrill/simulator"
)

type css = chromedp.CSS

// player is somebody who plays a Lab in a browser.
type player struct {
	*served
	ctx        context.Context
	complaints func() []string // what the browser complained of
}

// newPlayer opens the page. Without a browser the test is skipped, unless
// SIEMDRILL_REQUIRE has the word "browser".
func newPlayer(t *testing.T, args ...string) *player {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(findBrowser(t)), chromedp.NoSandbox, chromedp.WindowSize(1240, 1650))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	p := &player{served: serve(t, args...), ctx: ctx}
	p.opened()
	console := chromedp.Console(ctx)
	p.does(chromedp.Navigate(p.page), chromedp.WaitReady(css("body[data-ready]")), chromedp.WaitReady(css(".timeline svg")))
	p.complaints = func() (said []string) {
		const end = "the test ends here"
		evaluate[chromedp.Void](p, `void console.log("`+end+`")`)
		for m, err := range console {
			p.Expect(err).NotTo(HaveOccurred())
			if m.Text == end {
				break
			}
			said = append(said, m.String())
		}
		return said
	}
	return p
}

func findBrowser(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		} else if !errors.Is(err, exec.ErrNotFound) {
			t.Fatal(err)
		}
	}
	const none = "no browser: expected chromium, chromium-browser or google-chrome on the PATH"
	if strings.Contains(os.Getenv("SIEMDRILL_REQUIRE"), "browser") {
		t.Fatal(none)
	}
	t.Skip(none)
	return ""
}

// does performs actions one after the other.
func (p *player) does(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	p.ExpectWithOffset(1, chromedp.Do(p.ctx, actions...)).To(Succeed())
}

// evaluate is what a JavaScript expression gives in the page.
func evaluate[T any](p *player, expression string) T {
	p.t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression))
	p.ExpectWithOffset(1, err).NotTo(HaveOccurred(), expression)
	return v
}

// sees waits until an element shows a text.
func (p *player) sees(selector, text string) {
	p.t.Helper()
	expression := fmt.Sprintf(`document.querySelector(%q)?.textContent.includes(%q) ?? false`, selector, text)
	_, err := chromedp.Run(p.ctx, chromedp.Poll[bool](expression))
	p.ExpectWithOffset(1, err).NotTo(HaveOccurred(), "%s does not show %q, but %q", selector, text, evaluate[string](p, fmt.Sprintf(`document.querySelector(%q)?.textContent ?? ""`, selector)))
}

// shoots writes a picture of the page into the folder that SIEMDRILL_SCREENSHOTS
// names, if it does.
func (p *player) shoots(name string) {
	folder := os.Getenv("SIEMDRILL_SCREENSHOTS")
	if folder == "" {
		return
	}
	evaluate[chromedp.Void](p, `scrollTo(0, 0)`)
	time.Sleep(5 * time.Second) // what was said last has gone
	picture, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	p.Expect(err).NotTo(HaveOccurred())
	p.Expect(os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o644)).To(Succeed())
}

// choose selects an option as somebody does, so that the page notices.
func (p *player) choose(selector, value string) {
	p.t.Helper()
	evaluate[chromedp.Void](p, fmt.Sprintf(`void (() => { const s = document.querySelector(%q); s.value = %q; s.dispatchEvent(new Event("change", { bubbles: true })); })()`, selector, value))
}

// types puts the focus on a field and types, in place of what is there.
func (p *player) types(selector, keys string) {
	p.t.Helper()
	evaluate[chromedp.Void](p, fmt.Sprintf(`void (() => { const f = document.querySelector(%q); f.focus(); f.select(); })()`, selector))
	p.does(chromedp.KeyEvent(keys))
}

// jumps lets time pass by the page's own form.
func (p *player) jumps(by string) {
	p.t.Helper()
	now := p.state().Now
	d, err := time.ParseDuration(by)
	p.Expect(err).NotTo(HaveOccurred())
	p.types("[name=by]", by+kb.Enter)
	p.sees("#now", now.Add(d).Format(time.DateTime))
}

// What somebody clicks: break the receiver, wait, look, mend it, save. It plays
// again in the bubble with the verdict that the page shows.
func TestADrillInTheBrowser(t *testing.T) {
	p := newPlayer(t, "-paused")
	p.sees("#agents", "Created")
	p.does(chromedp.Click(css("[data-command='cas activities'] button")))
	p.sees("#script", "cas activities 25")
	p.jumps("5m")
	p.sees("#agents", "Connected")

	p.choose(`[data-command="syslog fault"] select`, "refuse")
	p.sees(`[data-command="syslog fault"] .about`, "closes the listener")
	p.does(chromedp.SendKeys(css(`[data-command="syslog fault"] [name=established]`), "true"))
	p.sees(`[data-command="syslog fault"] .preview`, "syslog fault refuse established=true")
	p.does(chromedp.Click(css(`[data-command="syslog fault"] button`)))
	p.sees("#faults", "refuse established=true")
	p.does(chromedp.Click(css("[data-command='cas activities'] button")))
	p.jumps("1h")
	p.sees("#agents", "data-server-connection-error")
	p.sees("#verdict", "passed")
	p.types("#assert input", "portal status Connected") // what it suggests may lie over the buttons
	p.does(chromedp.Focus(css("#assert button[value=assert]")), chromedp.KeyEvent(kb.Enter))
	p.sees("#script .passed", "✓ portal status Connected")
	p.sees(`[data-record="missing"]`, "26")
	p.sees(".timeline svg", "held")
	p.shoots("serve")

	p.does(chromedp.Click(css("#faults button")))
	p.does(chromedp.WaitReady(css("#faults:empty")))
	p.jumps("10m")
	p.sees("#agents", "resolved: data-server-connection-error")
	p.sees(`[data-record="missing"]`, "0")
	p.does(chromedp.SendKeys(css("#save [name=title]"), "Clicked"), chromedp.Click(css("#save button")))
	p.sees("#shown", "# Clicked\n\nagent start\ncas activities 25\nadvance 5m\nsyslog fault refuse established=true\ncas activities 25\nadvance 1h\nportal status Connected\nsyslog heal refuse\nadvance 10m\n")
	shown := evaluate[string](p, `document.querySelector("#shown").textContent`)
	_, saved := p.gets(evaluate[string](p, `document.querySelector("#download").href`))
	p.Expect(saved).To(Equal(shown))
	result := replays(t, saved)
	p.Expect(result.Verdict).To(Equal(simulator.Passed), "%s\n%s", result.Reason, saved)
	p.Expect(p.complaints()).To(BeEmpty())
	p.Expect(p.ends()).To(BeZero())
}

// The same with nothing but the keyboard, and what goes wrong is said.
func TestAPageByKeyboard(t *testing.T) {
	p := newPlayer(t, "-paused")
	p.types("#command input", "agent fly"+kb.Enter)
	p.sees("#said.bad", `agent fly: unknown action "fly"`)
	p.types("#command input", "# <b>It's bold</b>"+kb.Enter)
	p.sees("#script .comment", "# <b>It's bold</b>")
	p.does(chromedp.Focus(css("[data-play='agent kill']")), chromedp.KeyEvent(" "))
	p.sees("#agents", "the agent has ended")
	p.sees("#script", "agent kill")
	p.does(chromedp.Focus(css("#script button")), chromedp.KeyEvent(kb.Enter))
	p.Eventually(func() bool { return strings.Contains(p.saved(), "bold") }, "10s", "50ms").Should(BeFalse())
	p.does(chromedp.Focus(css("[data-speed='60']")), chromedp.KeyEvent(kb.Enter))
	p.sees("#pause", "Pause")
	p.Eventually(func() bool { st := p.state(); return st.Now.After(st.Start) }, "10s", "50ms").Should(BeTrue())
	p.does(chromedp.Focus(css("#pause")), chromedp.KeyEvent(kb.Enter))
	p.sees("#clock", "paused")
	p.Expect(evaluate[string](p, `document.activeElement.id`)).To(Equal("pause"), "what is focused stays, whatever the state")
	p.does(chromedp.Focus(css("#filter")), chromedp.KeyEvent("agent-added"))
	p.sees("#events", "agent-added")
	p.Expect(p.complaints()).To(ConsistOf(ContainSubstring("status of 400")), "that was the command that there isn't")
	p.Expect(p.ends()).To(BeZero())
}

// It fits a small screen, and asks nobody but its own server for anything.
func TestAPageOnAPhone(t *testing.T) {
	p := newPlayer(t, "-paused")
	p.does(chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile, chromedp.EmulateScale(2)))
	p.shoots("serve-phone")
	p.Eventually(func() int { return evaluate[int](p, `document.documentElement.scrollWidth`) }, "10s", "50ms").Should(BeNumerically("<=", 360))
	hosts := evaluate[[]string](p, `[...new Set(performance.getEntriesByType("resource").map(e => new URL(e.name).host))]`)
	p.Expect(hosts).To(Equal([]string{strings.Trim(strings.TrimPrefix(p.page, "http://"), "/")}))
	p.Expect(p.ends()).To(BeZero())
}
