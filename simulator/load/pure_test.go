package load

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/fakesyslog"
)

func TestProfile(t *testing.T) {
	const over = 10 * time.Second
	for _, c := range []struct {
		text string
		at   time.Duration
		due  float64
	}{
		{"100", 0, 0},
		{"100", 5 * time.Second, 500},
		{"100", 20 * time.Second, 1000}, // the load is over
		{"0..100", 5 * time.Second, 125},
		{"0..100", over, 500},
		{"100..0", over, 500},
		{"10,20", 5 * time.Second, 50},
		{"10,20", over, 150},
		{"10,20,0.5,0", over, 76.25},
	} {
		t.Run(c.text+" at "+c.at.String(), func(t *testing.T) {
			g := NewWithT(t)
			p, err := ParseProfile(c.text)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(p.Due(c.at, over)).To(BeNumerically("~", c.due, 1e-6))
			g.Expect(p.Share(4).Due(c.at, over)).To(BeNumerically("~", c.due/4, 1e-6))
		})
	}
	for _, bad := range []string{"", "fast", "-1", "1..", "..1", "1,,2", "NaN", "Inf", "1e10", "1..2..3"} {
		_, err := ParseProfile(bad)
		NewWithT(t).Expect(err).To(MatchError(ContainSubstring("expected activities a second")), bad)
	}
}

func TestFault(t *testing.T) {
	g := NewWithT(t)
	f, err := ParseFault("at 10s stall for 5s")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(f.At).To(Equal(10 * time.Second))
	g.Expect(f.For).To(Equal(5 * time.Second))
	g.Expect(f.syslog.Name).To(Equal("stall"))
	g.Expect(f.service).To(BeNil())
	f, err = ParseFault("at 1s cas:refuse for 2s")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(f.service.Name).To(Equal("refuse"))
	for text, expected := range map[string]string{
		"":                        "expected \"at TIME",
		"stall for 5s":            "expected \"at TIME",
		"at now stall":            "expected a duration",
		"at 1s stall for ever":    "expected a duration",
		"at 1s explode":           "explode",
		"at 1s cas:explode":       "explode",
		"at 1s cas:refuse always": "expected KEY=VALUE",
	} {
		_, err := ParseFault(text)
		g.Expect(err).To(MatchError(ContainSubstring(expected)), text)
		g.Expect(err.Error()).NotTo(ContainSubstring("\n"))
	}
}

func TestWindow(t *testing.T) {
	g := NewWithT(t)
	faults := []Fault{{At: 10 * time.Second, For: 5 * time.Second}, {At: 50 * time.Second}}
	for at, window := range map[int]Window{0: BeforeFault, 9: BeforeFault, 10: DuringFault, 14: DuringFault, 15: AfterFault, 49: AfterFault, 50: DuringFault, 59: DuringFault, 60: AfterFault} {
		g.Expect(windowAt(faults, time.Duration(at)*time.Second, time.Minute)).To(Equal(window), "at %d s", at)
	}
}

func line(number int, created int64) []byte {
	return fmt.Appendf(nil, "<109>2026-01-05T09:00:00.000Z CEF:0|MCAS|SIEM_Agent|0.1|X|Y|0|externalId=97134000_1_00000000-0000-4000-a000-%012x rt=%d start=1\n", number, created)
}

// What came is told apart by number; order and age by the event's own time.
func TestTap(t *testing.T) {
	g := NewWithT(t)
	window := BeforeFault
	tap := &tap{now: func() time.Time { return time.UnixMilli(5000) }, window: func() Window { return window }}
	for _, l := range [][]byte{line(1, 1000), line(2, 3000), line(3, 2000), line(1, 1000), []byte("hello\n")} {
		tap.Write(l)
	}
	window = AfterFault
	tap.Write(line(100_000, 3000))
	var parts [windows]Arrivals
	g.Expect(tap.addTo(&parts)).To(Equal(1))
	g.Expect(parts[BeforeFault].First).To(Equal(3))
	g.Expect(parts[BeforeFault].Duplicated).To(Equal(1))
	g.Expect(parts[BeforeFault].OutOfOrder).To(Equal(1))
	g.Expect(parts[BeforeFault].Ages.At(100)).To(BeNumerically("~", 4*time.Second, 8*time.Millisecond))
	g.Expect(parts[AfterFault].First).To(Equal(1))
	g.Expect(tap.count()).To(Equal(4))
	var recent Ages
	tap.reading(&recent)
	g.Expect(recent.Count()).To(BeEquivalentTo(4))
}

func FuzzReadLine(f *testing.F) {
	f.Add(line(1, 2))
	f.Add([]byte("|externalId=000000000001 rt="))
	f.Add([]byte("|externalId=ffffffffffff rt=1"))
	f.Fuzz(func(t *testing.T, text []byte) {
		number, created, ok := readLine(text)
		if ok && (number >= maxNumber || created < 0) {
			t.Fatalf("%d, %d", number, created)
		}
	})
}

// A histogram survives being written; merging loses nothing.
func TestAges(t *testing.T) {
	g := NewWithT(t)
	var a, b Ages
	g.Expect(b.At(50)).To(BeZero())
	for i := range 1000 {
		a.Add(time.Duration(i) * time.Millisecond)
	}
	a.Add(-time.Hour)
	a.Add(10_000 * time.Hour)
	text, err := json.Marshal(a)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(json.Unmarshal(text, &b)).To(Succeed())
	g.Expect(b.h.Equals(a.h)).To(BeTrue())
	b.Merge(a)
	g.Expect(b.Count()).To(BeEquivalentTo(2004))
	g.Expect(b.At(50)).To(Equal(a.At(50)))
	g.Expect(json.Unmarshal([]byte(`"x"`), &b)).NotTo(Succeed())
}

func TestRecovery(t *testing.T) {
	g := NewWithT(t)
	var samples []Sample
	for at := range 40 { // 100 a second; nothing arrives from 10 to 15, then 200 a second
		arrived := 100 * min(at, 10)
		if at > 15 {
			arrived = min(100*at, 1000+200*(at-15))
		}
		samples = append(samples, Sample{At: float64(at), Created: 100 * at, Arrived: arrived})
	}
	b := Band{From: 10, To: 15}
	b.recover(samples, 100)
	g.Expect(b.Recovered).To(BeTrue())
	g.Expect(b.Recovery).To(BeEquivalentTo(4)) // 500 behind, 100 a second of it made up, a second's worth is usual
	g.Expect(b.Drain).To(BeNumerically("~", 160, 10))
	never := Band{From: 10, To: 15}
	never.recover(samples[:17], 100)
	g.Expect(never.Recovered).To(BeFalse())
}

func measured(rate float64) Result {
	r := Result{V: 1, Shards: 1, Joined: []int{0}, Achieved: rate, Offered: rate, Windows: map[string]Arrivals{}}
	r.Ledger = fakesyslog.Report{Created: 10, Arrived: 10, Lost: map[string]int{}}
	for i := range 10 {
		r.Whole.Ages.Add(time.Duration(i) * time.Second)
	}
	r.Whole.First = 10
	return r
}

func TestThreshold(t *testing.T) {
	g := NewWithT(t)
	r := measured(100)
	slow := r.Whole
	slow.Seconds = 2
	r.Windows[DuringFault.String()] = slow
	for text, why := range map[string]string{
		"rate>99":                  "",
		"rate>100":                 "it was 100 records/s",
		"rate>=100":                "",
		"rate==5 during fault":     "",
		"lost==0":                  "",
		"age.p99<10s":              "",
		"age.p99 < 2s":             "it was 9",
		"age.p50<=2s during fault": "it was 4",
		"age.p50<2s after fault":   "it was not measured",
		"cpu<5":                    "it was not measured",
		"recovery.max<1s":          "it was not measured",
	} {
		threshold, err := ParseThreshold(text)
		g.Expect(err).NotTo(HaveOccurred())
		if why == "" {
			g.Expect(threshold.Check(r)).To(BeEmpty(), text)
		} else {
			g.Expect(threshold.Check(r)).To(ContainSubstring(why), text)
		}
	}
	for text, expected := range map[string]string{
		"":                     "expected MEASURE<VALUE",
		"rate":                 "expected MEASURE<VALUE",
		"speed>1":              "unknown measure \"speed\"",
		"age.p99<2":            "expected a duration",
		"rate>fast":            "expected a number",
		"lost==0 during fault": "of the whole run only",
		"rate>1 during lunch":  "expected MEASURE<VALUE",
	} {
		_, err := ParseThreshold(text)
		g.Expect(err).To(MatchError(ContainSubstring(expected)), text)
	}
}

func TestJudge(t *testing.T) {
	g := NewWithT(t)
	max := Profile{Max: true}
	r := measured(100)
	r.Speed = &Speed{Generator: 300, Receiver: 301}
	r.judge(max)
	g.Expect(r.Failures).To(BeEmpty())
	g.Expect(r.Bottleneck).To(Equal("agent"))

	r = measured(100)
	r.Speed = &Speed{Generator: 1000, Receiver: 299}
	r.judge(max)
	g.Expect(r.Failures).To(ConsistOf(ContainSubstring("the receiver was too slow")))
	g.Expect(r.Bottleneck).To(HavePrefix("receiver"))

	r = measured(100)
	r.Late = 1.5
	r.judge(Profile{})
	g.Expect(r.Failures).To(ConsistOf(ContainSubstring("1.5 s late")))
	g.Expect(r.Bottleneck).To(Equal("generator"))

	r = measured(100)
	r.Load, r.Samples = 20, []Sample{{At: 10, Created: 1000, Arrived: 1000}, {At: 20, Created: 2000, Arrived: 1300}}
	r.judge(Profile{})
	g.Expect(r.Bottleneck).To(HavePrefix("agent"))
}

func TestCompare(t *testing.T) {
	g := NewWithT(t)
	find := func(ratios []Ratio) Ratio {
		for _, r := range ratios {
			if r.Name == "rate" {
				return r
			}
		}
		return Ratio{}
	}
	one, err := Compare([]Result{measured(100)}, []Result{measured(150)})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(find(one).Ratio).To(BeNumerically("~", 1.5, 1e-9))
	g.Expect(find(one).Low).To(BeZero())
	several, err := Compare([]Result{measured(99), measured(100), measured(101)}, []Result{measured(149), measured(150), measured(151)})
	g.Expect(err).NotTo(HaveOccurred())
	r := find(several)
	g.Expect(r.Low).To(And(BeNumerically(">", 1.45), BeNumerically("<", 1.5)))
	g.Expect(r.High).To(And(BeNumerically("<", 1.55), BeNumerically(">", 1.5)))
	var table bytes.Buffer
	g.Expect(WriteRatios(&table, several)).To(Succeed())
	g.Expect(table.String()).To(ContainSubstring("no difference shown"))
	_, err = Compare(nil, []Result{measured(1)})
	g.Expect(err).To(HaveOccurred())
}

// Merging shards equals one run that had all of it.
func TestMerge(t *testing.T) {
	g := NewWithT(t)
	shard := func(i int) Result {
		r := measured(100)
		r.Shards, r.Joined = 2, []int{i}
		r.Cost = &Cost{CPU: float64(i + 1), Peak: int64(i)}
		r.Ledger.Lost["unread"] = i
		r.Samples = []Sample{{At: 0.5, Created: 10, Arrived: 5}, {At: 1.5, Created: 20, Arrived: 20}}[:2-i]
		return r
	}
	whole, err := Merge([]Result{shard(1), shard(0)})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(whole.Joined).To(Equal([]int{0, 1}))
	g.Expect(whole.Achieved).To(BeEquivalentTo(200))
	g.Expect(whole.Whole.Ages.Count()).To(BeEquivalentTo(20))
	g.Expect(whole.Lost()).To(Equal(1))
	g.Expect(whole.Cost).To(Equal(&Cost{CPU: 1.5, Peak: 1}))
	g.Expect(whole.Samples).To(Equal([]Sample{{At: 1, Created: 20, Arrived: 10}, {At: 2, Created: 30, Arrived: 25}}))
	g.Expect(whole.Failures).To(BeEmpty())

	part, err := Merge([]Result{shard(1)})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(part.Failures).To(ConsistOf("1 of 2 shards are missing"))
	_, err = Merge([]Result{shard(1), shard(1)})
	g.Expect(err).To(MatchError(ContainSubstring("there twice")))
	other := shard(0)
	other.Seed = 9
	_, err = Merge([]Result{shard(1), other})
	g.Expect(err).To(MatchError(ContainSubstring("with seed 9")))
	_, err = Merge(nil)
	g.Expect(err).To(HaveOccurred())

	var file bytes.Buffer
	g.Expect(json.NewEncoder(&file).Encode(whole)).To(Succeed())
	read, err := Read(&file)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(read).To(HaveLen(1))
	g.Expect(read[0].Whole.Ages.Count()).To(BeEquivalentTo(20))
	_, err = Read(bytes.NewReader([]byte(`{"v":2}`)))
	g.Expect(err).To(MatchError(ContainSubstring("version 2")))
}
