package fakesyslog

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

func tenantOf(ids ...string) *strings.Reader {
	return strings.NewReader(`{"id":"` + strings.Join(ids, "\"}\n{\"id\":\"") + "\"}\n")
}

func TestReportSaysWhereEachEventWent(t *testing.T) {
	g := NewWithT(t)
	var l Ledger
	book := func(id string, p Place, offset int64) { l.book([]byte(id), p, "a>b", offset, time.Unix(1, 0), nil) }
	book(lineID(1), Parsed, 0)
	book(lineID(2), Unread, 10)
	book(lineID(2), Parsed, 20)    // recovered
	book(lineID(3), Parsed, 30)    // and a second time
	book(lineID(3), Parsed, 40)    //
	book(lineID(4), Unread, 50)    // lost
	book(lineID(5), Rejected, 60)  // lost
	book(lineID(6), Truncated, 70) // lost
	book("", Rejected, 80)
	book(lineID(99), Parsed, 90)                         // unexpected
	book("hello", Parsed, 100)                           // unexpected, and no generated id
	book("596a7e360c204203a335a3fb", Parsed, 110)        // a real alert's id
	book("596a7e360c20420300000007", Parsed, 120)        // a generated alert's
	book("1511897117617_5be018ee-x", Swallowed, 130)     // lost
	for _, id := range []string{lineID(1), "1_ab", ""} { // what is not there
		g.Expect(l.tally.seen([]byte(id)) != 0).To(Equal(id == lineID(1)))
	}
	r, err := l.Report(tenantOf(lineID(1), lineID(2), lineID(3), lineID(4), lineID(5), lineID(6), lineID(7),
		"596a7e360c204203a335a3fb", "596a7e360c20420300000007", "1511897117617_5be018ee-x"))
	g.Expect(err).NotTo(HaveOccurred())
	examples := r.Examples
	r.Examples = nil
	g.Expect(r).To(Equal(Report{Created: 10, Arrived: 5, Duplicated: 1, Recovered: 1, Unexpected: 2,
		Lost: map[string]int{"unread": 1, "rejected": 1, "truncated": 1, "swallowed": 1, "no trace": 1}}))
	g.Expect(examples).To(Equal([]Example{
		{lineID(4), "lost", "unread", "a>b", 50},
		{lineID(5), "lost", "rejected", "a>b", 60},
		{lineID(6), "lost", "truncated", "a>b", 70},
		{lineID(7), "lost", "no trace", "", 0},
		{"1511897117617_5be018ee-x", "lost", "swallowed", "a>b", 130},
		{"activity 99", "unexpected", "parsed", "", 0},
		{"hello", "unexpected", "parsed", "", 0},
	}))

	var table strings.Builder
	r.Examples = examples
	_, err = r.WriteTo(&table)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(table.String()).To(ContainSubstring("lost         5\n  unread     1\n"))
	g.Expect(table.String()).To(ContainSubstring(lineID(4) + "  unread     a>b at byte 50"))
}

func TestAReportOfNothing(t *testing.T) {
	g := NewWithT(t)
	r, err := new(Ledger).Report(strings.NewReader(""))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(r).To(Equal(Report{Lost: map[string]int{}, Examples: []Example{}}))
	_, err = new(Ledger).Report(strings.NewReader("{\"id\":\"a\"}\n{\"key\":1}\n"))
	g.Expect(err).To(MatchError(ContainSubstring("line 2 of the tenant's ledger: expected one JSON object with an id")))
}

func TestALedgerThatWasWrittenOutLoads(t *testing.T) {
	g := NewWithT(t)
	var l Ledger
	g.Expect(l.Load(strings.NewReader(`{"id":"a","place":"parsed","connection":"x>y","offset":7}` + "\n\n"))).To(Succeed())
	g.Expect(l.Arrivals()[0].line()).To(Equal([]byte(`{"id":"a","place":"parsed","connection":"x>y","offset":7}` + "\n")))
	g.Expect(l.Load(strings.NewReader(`{"id":"a","place":"heaven"}`))).To(MatchError(ContainSubstring("line 1 of the ledger")))
}

func TestArrivalsAreTheLast(t *testing.T) {
	g := NewWithT(t)
	l := Ledger{Remember: blockSize, Keep: 2}
	const n = 3*blockSize + 10
	for i := range n {
		l.book([]byte(lineID(i)), Parsed, "a>b", int64(i), time.Unix(int64(i), 0), []byte(lineID(i)))
	}
	got := l.Arrivals()
	g.Expect(len(got)).To(BeNumerically("~", blockSize, blockSize))
	for i, e := range got {
		at := n - len(got) + i
		g.Expect(e).To(Equal(Entry{lineID(at), Parsed, "a>b", int64(at), time.Unix(int64(at), 0).UTC()}))
	}
	g.Expect(l.Count(Parsed)).To(Equal(n))
	g.Expect(l.Lines()).To(Equal([]string{lineID(n - 2), lineID(n - 1)}))
}

// TestMemoryStaysFlat books ten million messages, or as many as SIEMDRILL_LEDGER
// says, and measures what the ledger holds afterwards.
func TestMemoryStaysFlat(t *testing.T) {
	if testing.Short() {
		t.Skip("books ten million messages")
	}
	g := NewWithT(t)
	many := 10_000_000
	if text := os.Getenv("SIEMDRILL_LEDGER"); text != "" {
		var err error
		many, err = strconv.Atoi(text)
		g.Expect(err).NotTo(HaveOccurred(), "SIEMDRILL_LEDGER")
	}
	held := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := held()
	l := &Ledger{}
	id := []byte(lineID(0))
	for n := range many {
		for i, rest := len(id)-1, n; i >= len(id)-12; i-- {
			id[i] = "0123456789abcdef"[rest&15]
			rest >>= 4
		}
		l.book(id, Parsed, "a>b", int64(n)*680, time.Unix(0, 0), nil)
	}
	after := held()
	g.Expect(l.Count(Parsed)).To(Equal(many))
	g.Expect(l.tally.seen(id)).To(Equal(uint8(1 << planeParsed)))
	t.Logf("%d messages: %.1f MiB", many, float64(after-before)/(1<<20))
	g.Expect(after - before).To(BeNumerically("<", 48<<20))
	runtime.KeepAlive(l)
}

func TestAHostileStreamOfIdsIsBounded(t *testing.T) {
	g := NewWithT(t)
	var b bitmap
	stored := 0
	for n := range uint64(3 * maxPages) {
		if _, ok := b.set(n << pageBits); ok {
			stored++
		}
	}
	g.Expect(stored).To(Equal(maxPages))
	var tl tally
	tl.foreign = map[string]uint8{}
	for i := range maxForeign {
		tl.foreign[fmt.Sprint(i)] = 1
	}
	tl.add([]byte("one more"), planeParsed)
	g.Expect(tl.forgotten).To(Equal(1))
}

// A tenant's ledger that comes slowly, or never, holds up nobody.
func TestAReportDoesNotHoldUpBooking(t *testing.T) {
	g := NewWithT(t)
	var l Ledger
	tenant, writer := io.Pipe()
	done := make(chan Report)
	go func() {
		r, _ := l.Report(tenant)
		done <- r
	}()
	fmt.Fprintf(writer, "{\"id\":%q}\n{\"id\":%q}\n", lineID(1), lineID(2)) // returns once it was read
	booked := make(chan struct{})
	go func() {
		l.book([]byte(lineID(2)), Parsed, "a>b", 0, time.Unix(1, 0), nil)
		l.book([]byte(lineID(3)), Parsed, "a>b", 0, time.Unix(1, 0), nil)
		close(booked)
	}()
	g.Eventually(booked, 10*time.Second).Should(BeClosed())
	fmt.Fprintf(writer, "{\"id\":%q}\n", lineID(3))
	writer.Close()
	r := <-done
	g.Expect(r.Created).To(Equal(3))
	g.Expect(r.Lost["no trace"]).To(BeNumerically(">=", 1))
	g.Expect(r.Unexpected).To(BeZero())
}
