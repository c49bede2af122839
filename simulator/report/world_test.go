package report

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/fakecas"
	"siemdrill/fakesyslog"
	"siemdrill/simulator"
)

var monday = time.Date(2026, time.January, 5, 9, 0, 0, 0, time.UTC)

func at(s int) time.Time { return monday.Add(time.Duration(s) * time.Second) }

func event(s int, source simulator.Source, kind, record, detail string) simulator.Event {
	return simulator.Event{V: 1, T: at(s), Source: source, Kind: kind, Agent: "a1", Record: record, Detail: detail}
}

func command(s int, text string) simulator.Event {
	return event(s, simulator.FromScript, simulator.KindCommand, "", text)
}

const script = `# A drill

# It is well
cas activities 3
agent start
advance 1m

# It is cut
network cut agent syslog
syslog fault refuse
advance 1m
check no-loss

# It is mended
network mend syslog agent
advance 1m
-- agent.json --
{}
`

// drill is a run that failed at its check, with something in each lane.
func drill(t testing.TB) simulator.Run {
	s, err := simulator.ParseScript("scenarios/drill.txtar", []byte(script))
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	cas, receiver := simulator.FromCAS, simulator.FromSyslog
	run := simulator.Run{
		Script: s,
		Line:   12,
		Start:  monday,
		Result: simulator.Result{V: 1, ID: s.ID, Title: s.Title, Runner: "bubble", Seed: 7, Verdict: simulator.Failed,
			Reason: "  phase:   It is cut\n  wanted:  check no-loss (scenarios/drill.txtar:12)\n  found:   1 lost", VirtualS: 120, WallS: 0.25,
			Checks: []simulator.CheckResult{{Name: "no-loss", Verdict: simulator.Failed, Detail: "1 of 2 records due have not arrived: r2"}}},
		Lines: []string{"a line"},
		Places: []fakesyslog.Entry{
			{ID: "r1", Place: fakesyslog.Parsed, Connection: "c1", Time: at(10)},
			{ID: "r1", Place: fakesyslog.Parsed, Connection: "c2", Time: at(50)},
			{ID: "r2", Place: fakesyslog.Unread, Connection: "c1", Offset: 512, Time: at(50)},
		},
		Evidence: simulator.Evidence{
			Now: at(120),
			Ledger: []simulator.Entry{
				{ID: "r1", Type: "activity", Created: at(0)}, {ID: "r2", Type: "activity", Created: at(1)}, {ID: "r3", Type: "activity", Created: at(110)},
			},
			Notifications: []fakecas.Notification{{ID: "data-server-connection-error", Since: at(61), Raised: at(62), Resolved: at(90), Detail: "refused"}},
			Events: []simulator.Event{
				command(0, "cas activities 3"),
				event(0, cas, fakecas.KindCreated, "r1", "activity"),
				event(1, cas, fakecas.KindCreated, "r2", "activity"),
				command(1, "agent start"),
				event(1, cas, fakecas.KindAgentAdded, "", "agent"),
				{V: 1, T: at(1), Source: simulator.FromAgent, Kind: "state", Detail: "starting: started"},
				event(2, cas, fakecas.KindContact, "", ""),
				event(2, cas, fakecas.KindStatus, "", "Connected"),
				event(2, simulator.FromAgent, "state", "", "pulling: connected to the receiver"),
				event(3, cas, fakecas.KindRequest, "", "POST /api/v1/activities/ 200"),
				command(3, "advance 1m"),
				event(10, receiver, fakesyslog.KindLine, "r1", "offset=0"),
				event(50, receiver, fakesyslog.KindLine, "r1", "offset=0"),
				event(50, receiver, fakesyslog.KindUnread, "r2", "offset=512"),
				command(60, "network cut agent syslog"),
				command(60, "syslog fault refuse"),
				event(60, receiver, fakecas.KindFaultInjected, "f1", "refuse"),
				event(60, cas, fakecas.KindFaultInjected, "", "f1 status code=503"),
				event(61, receiver, fakecas.KindFaultHit, "f1", "refuse closed the listener"),
				event(61, simulator.FromAgent, "state", "", "held: data-server-connection-error"),
				command(60, "advance 1m"),
				event(80, receiver, fakecas.KindFaultHealed, "f1", "refuse: hit 1, healed"),
				event(85, receiver, fakesyslog.KindAccepted, "", ""),
				event(90, cas, fakecas.KindStatus, "", "Connection error"),
				command(120, "check no-loss"),
			},
		},
	}
	for i := range run.Evidence.Events {
		run.Evidence.Events[i].Seq = i + 1
	}
	return run
}

// written is the page of the runs, and the folder that it stands in.
func written(t testing.TB, limits Limits, runs ...simulator.Run) (page, folder string) {
	t.Helper()
	g := NewWithT(t)
	folder = t.TempDir()
	f, err := Create(folder)
	g.Expect(err).NotTo(HaveOccurred())
	f.Limits = limits
	for _, run := range runs {
		g.Expect(f.Add(run)).To(Succeed())
	}
	g.Expect(f.Close()).To(Succeed())
	text, err := os.ReadFile(filepath.Join(folder, "report.html"))
	g.Expect(err).NotTo(HaveOccurred())
	return string(text), folder
}

// large is a run of many events: records that are made, served and arrive.
func large(t testing.TB, events int) simulator.Run {
	run := drill(t)
	run.Result.ID, run.Result.Verdict, run.Result.Reason, run.Line = "large", simulator.Passed, "", 0
	all := run.Evidence.Events[:8:8]
	run.Evidence.Ledger = nil
	for i := 0; len(all) < events; i++ {
		id := fmt.Sprintf("97134000_%d_%08x-8f66-462f-a669-%012x", 10000+i*7919%20000, uint32(i)*2654435761, i)
		t := at(0).Add(time.Duration(i) * time.Millisecond)
		run.Evidence.Ledger = append(run.Evidence.Ledger, simulator.Entry{ID: id, Type: "activity", Created: t})
		all = append(all,
			simulator.Event{V: 1, T: t, Source: simulator.FromCAS, Kind: fakecas.KindCreated, Record: id, Detail: "activity"},
			simulator.Event{V: 1, T: t, Source: simulator.FromCAS, Kind: fakecas.KindServed, Record: id, Detail: "activity", Agent: "a1", Connection: "192.0.2.10:32769>198.51.100.10:443"},
			simulator.Event{V: 1, T: t, Source: simulator.FromSyslog, Kind: fakesyslog.KindLine, Record: id, Connection: "192.0.2.10:32770>203.0.113.10:514", Detail: fmt.Sprintf("offset=%d", i*910)})
	}
	for i := range all {
		all[i].Seq = i + 1
	}
	run.Evidence.Events = all
	run.Evidence.Now = all[len(all)-1].T
	return run
}
