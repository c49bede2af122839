package report

import (
	"testing"

	. "github.com/onsi/gomega"

	"siemdrill/simulator"
)

// laneNamed is the lane of the drill with the name.
func laneNamed(t *testing.T, name string) lane {
	t.Helper()
	for _, l := range lanes(drill(t)) {
		if l.Name == name {
			return l
		}
	}
	t.Fatalf("no lane %q", name)
	return lane{}
}

const second = int64(1e6)

func TestBandsAreToScale(t *testing.T) {
	for name, want := range map[string][]band{
		"Phases": {
			{From: 0, Until: 60 * second, Label: "✓ 1", Detail: "It is well (passed)", Look: lookGood},
			{From: 60 * second, Until: 120 * second, Label: "✗ 2", Detail: "It is cut (failed)", Look: lookBad},
		},
		"Operator": {{From: second, Until: second, Label: "agent start", Detail: "line 5", Look: lookAction}},
		"Status": {
			{From: second, Until: 2 * second, Label: "Created", Look: lookIdle},
			{From: 2 * second, Until: 90 * second, Label: "Connected", Look: lookGood},
			{From: 90 * second, Until: 120 * second, Label: "Connection error", Look: lookWarn, Open: true},
		},
		"Notifications": {{From: 62 * second, Until: 90 * second, Label: "data-server-connection-error", Detail: "its cause began at 09:01:01: refused", Look: lookWarn}},
		"Held":          {{From: 61 * second, Until: 85 * second, Label: "held", Detail: "data-server-connection-error", Look: lookHeld}},
		"Agent’s own word": {
			{From: second, Until: 2 * second, Label: "starting", Detail: "started", Look: lookIdle},
			{From: 2 * second, Until: 61 * second, Label: "pulling", Detail: "connected to the receiver", Look: lookGood},
			{From: 61 * second, Until: 120 * second, Label: "held", Detail: "data-server-connection-error", Look: lookHeld, Open: true},
		},
		"Faults: network":  {{From: 60 * second, Until: 120 * second, Label: "cut agent – syslog", Detail: "line 9; never mended", Look: lookFault, Open: true}},
		"Faults: receiver": {{From: 60 * second, Until: 80 * second, Label: "refuse", Detail: "refuse; hit 1 times", Look: lookFault}},
		"Faults: service":  {{From: 60 * second, Until: 120 * second, Label: "status", Detail: "status code=503; hit 0 times", Look: lookFault, Open: true}},
	} {
		t.Run(name, func(t *testing.T) {
			NewWithT(t).Expect(laneNamed(t, name).Bands).To(Equal(want))
		})
	}
}

func TestWhatIsCounted(t *testing.T) {
	for name, want := range map[string][]int64{
		"Contact":   {2 * second},
		"Pulls":     {3 * second},
		"Made":      {0, second},
		"Arrived":   {10 * second},
		"Again":     {50 * second},
		"Not taken": {50 * second},
		"Lost":      {second},
	} {
		t.Run(name, func(t *testing.T) {
			NewWithT(t).Expect(laneNamed(t, name).Times).To(Equal(want))
		})
	}
}

func TestAMendEndsTheCutWhicheverHostIsNamedFirst(t *testing.T) {
	g := NewWithT(t)
	run := drill(t)
	run.Line = 0
	run.Evidence.Events = append(run.Evidence.Events, command(120, "network mend syslog agent"))
	run.Evidence.Now = at(180)
	g.Expect(networkLane(world{run.Start, at(180)}, run).Bands).To(Equal([]band{
		{From: 60 * second, Until: 120 * second, Label: "cut agent – syslog", Detail: "lines 9 to 15", Look: lookFault},
	}))
}

func TestBandsThatOverlapGetRowsOfTheirOwn(t *testing.T) {
	g := NewWithT(t)
	l := stack(lane{Bands: []band{{From: 5, Until: 9}, {From: 0, Until: 6}, {From: 6, Until: 7}, {From: 9, Until: 9}, {From: 9, Until: 9}}})
	var rows []int
	for _, b := range l.Bands {
		rows = append(rows, b.Row)
	}
	g.Expect(rows).To(Equal([]int{0, 1, 0, 0, 1}))
	g.Expect(l.Rows).To(Equal(2))
}

func TestALaneInWhichNothingHappenedIsLeftOut(t *testing.T) {
	g := NewWithT(t)
	run := drill(t)
	run.Evidence.Events, run.Evidence.Notifications, run.Evidence.Ledger = nil, nil, nil
	g.Expect(lanes(run)).To(BeEmpty())
}

func TestWhatLastsInTheNetwork(t *testing.T) {
	g := NewWithT(t)
	text := "# t\n# p\n"
	run := drill(t)
	run.Line, run.Evidence.Events = 0, nil
	for i, c := range []string{"network name syslog no-answer", "network name syslog no-such-host", "network name syslog healed",
		"network cut agent cas", "network cut cas agent", "network mend cas agent", "network mend cas agent", "network move syslog -old refuse"} {
		text += c + "\n"
		run.Evidence.Events = append(run.Evidence.Events, command(i, c))
	}
	var err error
	run.Script, err = simulator.ParseScript("t.txtar", []byte(text))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(networkLane(world{run.Start, at(10)}, run).Bands).To(Equal([]band{
		{From: 0, Until: second, Label: "name of syslog: no-answer", Detail: "lines 3 to 4", Look: lookFault},
		{From: second, Until: 2 * second, Label: "name of syslog: no-such-host", Detail: "lines 4 to 5", Look: lookFault},
		{From: 3 * second, Until: 5 * second, Label: "cut agent – cas", Detail: "lines 6 to 8", Look: lookFault},
		{From: 7 * second, Until: 7 * second, Label: "network move syslog -old refuse", Detail: "line 10", Look: lookAction},
	}))
}
