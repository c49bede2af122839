package report

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"siemdrill/simulator"
)

func parsed(t *testing.T, page string) *html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return root
}

// all is every element that fits, in the order of the page.
func all(root *html.Node, fits func(*html.Node) bool) []*html.Node {
	var found []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && fits(n) {
			found = append(found, n)
		}
	}
	return found
}

func is(a atom.Atom) func(*html.Node) bool {
	return func(n *html.Node) bool { return n.DataAtom == a }
}

func class(name string) func(*html.Node) bool {
	return func(n *html.Node) bool { return strings.Contains(" "+attribute(n, "class")+" ", " "+name+" ") }
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func text(n *html.Node) string {
	var words []string
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			words = append(words, strings.Fields(d.Data)...)
		}
	}
	return strings.Join(words, " ")
}

func texts(nodes []*html.Node) []string {
	var all []string
	for _, n := range nodes {
		all = append(all, text(n))
	}
	return all
}

// unpacked is what the page's program finds in a section.
func unpacked(t *testing.T, section *html.Node) drawing {
	t.Helper()
	g := NewWithT(t)
	packed, err := base64.RawURLEncoding.DecodeString(attribute(section, "data-packed"))
	g.Expect(err).NotTo(HaveOccurred())
	z, err := gzip.NewReader(bytes.NewReader(packed))
	g.Expect(err).NotTo(HaveOccurred())
	var d drawing
	g.Expect(json.NewDecoder(z).Decode(&d)).To(Succeed())
	return d
}

func passing(t testing.TB, id string) simulator.Run {
	run := drill(t)
	run.Result.ID, run.Result.Verdict, run.Result.Reason, run.Line = id, simulator.Passed, "", 0
	return run
}

func TestThePageListsScenariosThoseThatFailedFirst(t *testing.T) {
	g := NewWithT(t)
	page, _ := written(t, Limits{}, passing(t, "good"), drill(t), passing(t, "good"))
	root := parsed(t, page)
	links := all(all(root, class("index"))[0], is(atom.A))
	g.Expect(texts(links)).To(Equal([]string{
		"✗ failed drill A drill 2 min 00 s", "✓ passed good A drill 2 min 00 s", "✓ passed good A drill 2 min 00 s"}))
	sections := all(root, class("scenario"))
	for i, section := range sections {
		target, err := url.PathUnescape(attribute(links[i], "href"))
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(target).To(Equal("#" + attribute(section, "id")))
	}
	g.Expect(attribute(sections[1], "id")).NotTo(Equal(attribute(sections[2], "id")))
	g.Expect(text(all(root, class("totals"))[0])).To(Equal(
		"Verdict ✗ failed Scenarios 3 Passed 2 Failed 1 Skipped 0 Virtual time 6 min 00 s Real time 750 ms"))
}

func TestAScenarioOnThePage(t *testing.T) {
	g := NewWithT(t)
	page, _ := written(t, Limits{}, drill(t))
	section := all(parsed(t, page), class("scenario"))[0]
	g.Expect(text(all(section, class("repeat"))[0])).To(Equal("Play it again: go run ./simulator/cmd/simulator run -seed 7 scenarios/drill.txtar Copy"))
	g.Expect(text(all(section, class("reason"))[0])).To(ContainSubstring("wanted: check no-loss (scenarios/drill.txtar:12)"))
	var phases []string
	for _, s := range all(all(section, class("phases"))[0], is(atom.Summary)) {
		phases = append(phases, text(s))
	}
	g.Expect(phases).To(Equal([]string{"✓ passed 1 09:00:00 It is well", "✗ failed 2 09:01:00 It is cut", "○ not reached 3 It is mended"}))
	g.Expect(text(all(section, class("checks"))[0])).To(ContainSubstring("no-loss ✗ failed 1 of 2 records due have not arrived: r2"))
	ledger := text(all(section, class("ledger"))[0])
	for _, part := range []string{"Due 2 Arrived 1 Lost 1 Arrived again 1 of 1 records Too young to judge 1 Not due 0",
		"parsed 2 read", "unread 1 in the", "r2 activity 2026-01-05 09:00:01 unread at 09:00:50.000, c1, offset 512", "r1 2"} {
		g.Expect(ledger).To(ContainSubstring(part))
	}
	d := unpacked(t, section)
	g.Expect(d.Start).To(Equal("2026-01-05T09:00:00.000Z"))
	g.Expect(d.Span).To(Equal(120 * second))
	g.Expect(d.Lines).To(Equal([]string{"a line"}))
	g.Expect(d.Events.Time).To(HaveLen(len(drill(t).Evidence.Events)))
	g.Expect(d.Events.First).To(Equal(1))
}

// One file: nothing in it is fetched from anywhere, and its policy forbids it.
func TestThePageLoadsNothing(t *testing.T) {
	g := NewWithT(t)
	page, _ := written(t, Limits{}, drill(t))
	root := parsed(t, page)
	g.Expect(all(root, func(n *html.Node) bool {
		return attribute(n, "src") != "" || n.DataAtom == atom.Link || n.DataAtom == atom.Img || n.DataAtom == atom.Iframe
	})).To(BeEmpty())
	for _, a := range all(root, is(atom.A)) {
		g.Expect(attribute(a, "href")).To(MatchRegexp(`^(#|history/)`))
	}
	g.Expect(page).To(MatchRegexp(`<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; script-src &#39;sha256-[^;]+;`))
}

// Whatever comes from a script, an agent or the network is hostile.
const hostile = `</script></style></pre>--><img src=x onerror=alert(1)>"'` + "\x1b[31m\u202e\x00\xff&lt;"

func TestHostileTextStaysText(t *testing.T) {
	g := NewWithT(t)
	run := drill(t)
	s, err := simulator.ParseScript("</script><b>.txtar", []byte("# </script><i>title\n\n# </script><i>phase\ncas activities 3\nagent start\nadvance 1m\n-- agent.json --\n{}\n"))
	g.Expect(err).NotTo(HaveOccurred())
	run.Script, run.Line = s, 4
	run.Result.ID, run.Result.Title, run.Result.Reason = "</script><b>", hostile, hostile+"\nsecond line"
	run.Result.Checks = []simulator.CheckResult{{Name: hostile, Verdict: simulator.Failed, Detail: hostile}}
	run.Lines = []string{hostile}
	run.Places[2].Connection = hostile
	for i := range run.Evidence.Ledger {
		run.Evidence.Ledger[i].ID += hostile
	}
	for i := range run.Evidence.Events {
		e := &run.Evidence.Events[i]
		e.Agent, e.Connection, e.Record, e.Detail = e.Agent+hostile, hostile, e.Record+hostile, e.Detail+hostile
	}
	page, _ := written(t, Limits{}, run)
	clean, _ := written(t, Limits{}, drill(t))
	root := parsed(t, page)

	for _, element := range []atom.Atom{atom.Script, atom.Style, atom.Img, atom.I, atom.Meta} {
		g.Expect(all(root, is(element))).To(HaveLen(len(all(parsed(t, clean), is(element)))), element.String())
	}
	g.Expect(all(root, func(n *html.Node) bool { return attribute(n, "onerror") != "" })).To(BeEmpty())
	g.Expect(strings.ContainsAny(page, "\u202e\x1b\x00")).To(BeFalse())
	shown := `</script></style></pre>--><img src=x onerror=alert(1)>"'\x1b[31m\u202e\x00\xff&lt;`
	g.Expect(text(all(root, is(atom.H2))[0])).To(Equal(shown))
	g.Expect(text(all(root, class("reason"))[0])).To(Equal("Why it failed " + shown + " second line"))
	d := unpacked(t, all(root, class("scenario"))[0])
	g.Expect(d.Lines).To(Equal([]string{shown}))
	g.Expect(d.Events.Texts).To(ContainElement(shown))
}

func TestTheFilesBesideThePage(t *testing.T) {
	g := NewWithT(t)
	odd := passing(t, "a/b c")
	page, folder := written(t, Limits{}, drill(t), drill(t), odd)
	for _, a := range all(parsed(t, page), is(atom.A)) {
		if href := attribute(a, "href"); strings.HasPrefix(href, "history/") {
			name, err := url.PathUnescape(href)
			g.Expect(err).NotTo(HaveOccurred())
			data, err := os.ReadFile(filepath.Join(folder, name))
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(strings.Count(string(data), "\n")).To(Equal(len(drill(t).Evidence.Events)))
			g.Expect(string(data)).To(HavePrefix(`{"v":1,"seq":1,"t":"2026-01-05T09:00:00Z","source":"script","kind":"command"`))
		}
	}
	results, err := os.ReadFile(filepath.Join(folder, "results.json"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(strings.Count(string(results), "\n")).To(Equal(3))
	g.Expect(string(results)).To(HavePrefix(`{"v":1,"id":"drill"`))
	files, err := os.ReadDir(filepath.Join(folder, "history"))
	g.Expect(err).NotTo(HaveOccurred())
	var names []string
	for _, f := range files {
		names = append(names, f.Name())
	}
	g.Expect(names).To(Equal([]string{"a_b c.jsonl", "drill-2.jsonl", "drill.jsonl"}))
}

func TestAScenarioThatWasNotPlayed(t *testing.T) {
	g := NewWithT(t)
	run := drill(t)
	run = simulator.Run{Script: run.Script, Result: run.Result}
	run.Result.Verdict, run.Result.Reason = simulator.Skipped, "the runner has no clock"
	page, _ := written(t, Limits{}, run)
	section := all(parsed(t, page), class("scenario"))[0]
	g.Expect(text(all(section, class("reason"))[0])).To(Equal("Why it was skipped the runner has no clock"))
	g.Expect(all(section, class("timeline"))).To(BeEmpty())
	g.Expect(text(section)).To(ContainSubstring("○ not reached 1 It is well"))
}

// What is left out is said, never silently.
func TestLimits(t *testing.T) {
	g := NewWithT(t)
	n := len(drill(t).Evidence.Events)
	page, _ := written(t, Limits{Events: 10, TotalEvents: 15}, drill(t), drill(t))
	root := parsed(t, page)
	g.Expect(text(all(root, class("history"))[0])).To(HavePrefix(fmt.Sprintf(
		"History The last 10 of %d events; the %d before them are only in the file beside this page.", n, n-10)))
	g.Expect(text(all(root, class("history"))[1])).To(HavePrefix(fmt.Sprintf(
		"History This page has too many events already: the %d of this scenario are only in the file beside it.", n)))
	sections := all(root, class("scenario"))
	first, second := unpacked(t, sections[0]), unpacked(t, sections[1])
	g.Expect(first.Events.Time).To(HaveLen(10))
	g.Expect(first.Events.First).To(Equal(n - 9))
	g.Expect(second.Events).To(BeNil())
	g.Expect(second.Lanes).To(Equal(first.Lanes)) // drawn from all of it

	run := large(t, 3000)
	run.Evidence.Events = run.Evidence.Events[:9] // next to nothing arrives
	run.Evidence.Now = run.Evidence.Now.Add(time.Hour)
	page, _ = written(t, Limits{Rows: 5}, run)
	g.Expect(text(all(parsed(t, page), class("ledger"))[0])).To(MatchRegexp(`\d+ more lost records are not listed here\.`))
}

// The size of a page, as its design note states it.
func TestAPageIsSmall(t *testing.T) {
	g := NewWithT(t)
	small, _ := written(t, Limits{}, large(t, 1000))
	big, _ := written(t, Limits{}, large(t, 31_000))
	perThousand := (len(big) - len(small)) / 30
	t.Logf("%d bytes, and %d for each 1,000 events", len(small), perThousand)
	g.Expect(perThousand).To(BeNumerically("<", 16_000))
}
