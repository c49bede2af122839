package report

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	. "github.com/onsi/gomega"
)

// browser opens the page and returns what the browser complained of. Without a
// browser the test is skipped, unless SIEMDRILL_REQUIRE has the word "browser".
func browser(t *testing.T, page string) (ctx context.Context, complaints func() []string) {
	t.Helper()
	program := findBrowser(t)
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.WindowSize(1200, 900))
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, time.Minute)
	t.Cleanup(cancel)

	console := chromedp.Console(ctx)
	NewWithT(t).Expect(chromedp.Do(ctx, chromedp.Navigate("file://"+page), chromedp.WaitReady(chromedp.CSS(css("details[data-ready]"))))).To(Succeed())
	return ctx, func() (said []string) {
		const end = "the test ends here"
		evaluate[chromedp.Void](t, ctx, `void console.log("`+end+`")`)
		for m, err := range console {
			if err != nil || m.Text == end {
				NewWithT(t).Expect(err).NotTo(HaveOccurred())
				break
			}
			said = append(said, m.String())
		}
		return said
	}
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

type css = chromedp.CSS

// evaluate is what a JavaScript expression gives in the page.
func evaluate[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return v
}

func TestThePageInABrowser(t *testing.T) {
	hostileDrill := drill(t)
	hostileDrill.Lines = []string{hostile}
	hostileDrill.Evidence.Events[4].Detail = "agent" + hostile
	_, folder := written(t, Limits{}, hostileDrill, large(t, 100_000))
	ctx, complaints := browser(t, filepath.Join(folder, "report.html"))
	g := NewWithT(t)

	t.Run("draws a time line", func(t *testing.T) {
		g := NewWithT(t)
		names := evaluate[[]string](t, ctx, `[...document.querySelectorAll("#s-drill text.lane")].map(e => e.firstChild.data)`)
		g.Expect(names).To(Equal([]string{"Phases", "Operator", "Status", "Notifications", "Held", "Agent’s own word", "Faults: service", "Faults: network",
			"Faults: receiver", "Contact", "Pulls", "Made", "Arrived", "Again", "Not taken", "Lost"}))
		fills := evaluate[[]float64](t, ctx, `[...document.querySelectorAll("#s-drill .band.good .fill")].map(e => Number(e.getAttribute("width")))`)
		g.Expect(fills).To(HaveLen(3)) // a phase of 60 s, Connected of 88 s, pulling of 59 s
		g.Expect(fills[1] / fills[0]).To(BeNumerically("~", 88.0/60, 0.01))
	})

	t.Run("zooms", func(t *testing.T) {
		g := NewWithT(t)
		const width, scope = `Number(document.querySelector("#s-drill .band.held .fill").getAttribute("width"))`, `document.querySelector("#s-drill .range").textContent`
		before := evaluate[float64](t, ctx, width)
		g.Expect(evaluate[string](t, ctx, scope)).To(Equal("09:00:00 to 09:02:00 (2 min 0 s)"))
		g.Expect(chromedp.Do(ctx, chromedp.Click(css(`#s-drill button[aria-label="Zoom in"]`)))).To(Succeed())
		g.Expect(evaluate[float64](t, ctx, width)).To(BeNumerically("~", 2*before, 1))
		g.Expect(evaluate[string](t, ctx, scope)).To(Equal("09:00:30 to 09:01:30 (1 min 0 s)"))
		g.Expect(chromedp.Do(ctx, chromedp.Focus(css("#s-drill svg")), chromedp.KeyEvent("+"))).To(Succeed())
		g.Expect(evaluate[string](t, ctx, scope)).To(Equal("09:00:45 to 09:01:15 (30 s)"))
		g.Expect(chromedp.Do(ctx, chromedp.KeyEvent("0"))).To(Succeed())
		g.Expect(evaluate[float64](t, ctx, width)).To(Equal(before))
	})

	t.Run("says what is under the keyboard's ring", func(t *testing.T) {
		g := NewWithT(t)
		g.Expect(chromedp.Do(ctx, chromedp.Focus(css("#s-drill svg")), chromedp.KeyEvent(kb.ArrowDown+kb.ArrowRight))).To(Succeed())
		g.Expect(evaluate[string](t, ctx, `document.querySelector("#s-drill .said").textContent`)).To(Equal(
			"Phases: ✗ 2 – It is cut (failed), from 09:01:00.000 to 09:02:00.000 (1 min 0 s)"))
	})

	t.Run("filters the History", func(t *testing.T) {
		g := NewWithT(t)
		const count, first = `document.querySelector("#s-drill .count").textContent`, `document.querySelector("#s-drill .row .what").textContent`
		g.Expect(evaluate[string](t, ctx, count)).To(Equal("25 events"))
		g.Expect(chromedp.Do(ctx, chromedp.SendKeys(css("#s-drill input[type=search]"), "OFFSET=512"))).To(Succeed())
		g.Expect(evaluate[string](t, ctx, count)).To(Equal("1 of 25 events"))
		g.Expect(evaluate[string](t, ctx, first)).To(Equal("offset=512  ·  r2"))
		g.Expect(chromedp.Do(ctx, chromedp.Click(css("#s-drill input[value=syslog]")))).To(Succeed())
		g.Expect(evaluate[string](t, ctx, count)).To(Equal("0 of 25 events"))
	})

	t.Run("shows hostile text as text", func(t *testing.T) {
		g := NewWithT(t)
		g.Expect(evaluate[string](t, ctx, `document.querySelector("#s-drill .raw li").textContent`)).To(HavePrefix(`</script></style></pre>--><img src=x`))
		g.Expect(evaluate[int](t, ctx, `document.images.length`)).To(BeZero())
	})

	t.Run("is quick with 100,000 events", func(t *testing.T) {
		g := NewWithT(t)
		g.Expect(chromedp.Do(ctx, chromedp.WaitReady(css("#s-large[data-ready]")))).To(Succeed())
		g.Expect(evaluate[string](t, ctx, `document.querySelector("#s-large .count").textContent`)).To(MatchRegexp(`^10000\d events$`))
		g.Expect(evaluate[int](t, ctx, `document.querySelectorAll("#s-large .row").length`)).To(BeNumerically("<", 60))
		g.Expect(evaluate[int](t, ctx, `document.querySelectorAll("#s-large svg *").length`)).To(BeNumerically("<", 3000))
		took := evaluate[float64](t, ctx, `(() => {
			const box = document.querySelector("#s-large input[type=search]"), began = performance.now();
			box.value = "offset=999";
			box.dispatchEvent(new Event("input"));
			document.querySelector("#s-large button[aria-label='Zoom in']").click();
			return performance.now() - began;
		})()`)
		t.Logf("a filter and a zoom: %.0f ms", took)
		g.Expect(evaluate[string](t, ctx, `document.querySelector("#s-large .count").textContent`)).To(MatchRegexp(`^\d+ of 10000\d events$`))
	})

	t.Run("fits a small screen", func(t *testing.T) {
		g := NewWithT(t)
		g.Expect(chromedp.Do(ctx, chromedp.EmulateViewport(360, 700, chromedp.EmulateMobile, chromedp.EmulateScale(2)))).To(Succeed())
		g.Expect(evaluate[int](t, ctx, `document.documentElement.scrollWidth`)).To(BeNumerically("<=", 360))
	})

	g.Expect(complaints()).To(BeEmpty())
}
