package simulator_test

import (
	"testing"

	. "github.com/onsi/gomega"

	"siemdrill/simulator"
)

// A script's mistakes are found before it plays: one line each, that says what,
// where, and what was expected.
func TestParseScriptRefuses(t *testing.T) {
	const agentJSON = "-- agent.json --\n{}\n"
	for _, c := range []struct{ name, text, wants string }{
		{"no title", "advance 1s\n", "drill.txtar:1: expected a comment: the scenario's title"},
		{"an unknown command", "# t\n\nexec rm\n", `drill.txtar:3: unknown command "exec": expected one of: advance, agent, cas, check, machine, network, portal, proxy, syslog`},
		{"an unknown command under !", "# t\n! exec rm\n", `drill.txtar:2: ! exec rm: unknown command "exec": expected one of: advance, agent, cas, check, machine, network, portal, proxy, syslog`},
		{"the word that stands for ! inside", "# t\n(not) cas pulled\n", `drill.txtar:2: unknown command "(not)": expected one of: advance, agent, cas, check, machine, network, portal, proxy, syslog`},
		{"an unknown action", "# t\ncas explode\n", `drill.txtar:2: cas explode: unknown action "explode": expected one of: activities, alerts, contacted, fault, heal, pulled, records, remove-admin, restore-admin, throttled`},
		{"no action", "# t\nnetwork\n", "drill.txtar:2: network: expected one of: cut, mend, move, name"},
		{"a bad duration", "# t\nadvance 1x\n", `drill.txtar:2: advance 1x: "1x" is no duration: expected one such as 90s, 10m or 2h30m (usage: DURATION [-real DURATION] [-until arrived|hit] | -to INSTANT)`},
		{"a bad duration under !", "# t\n! cas pulled -last 1x\n", `drill.txtar:2: ! cas pulled -last 1x: invalid value "1x" for flag -last: "1x" is no duration: expected one such as 90s, 10m or 2h30m (usage: [-last DURATION])`},
		{"a duration below zero", "# t\nadvance -5s\n", `drill.txtar:2: advance -5s: unknown flag -5s (usage: DURATION [-real DURATION] [-until arrived|hit] | -to INSTANT)`},
		{"a bad instant", "# t\nadvance -to noon\n", `drill.txtar:2: advance -to noon: "noon" is no instant: expected +2h, contact+2h or an RFC 3339 time (usage: DURATION [-real DURATION] [-until arrived|hit] | -to INSTANT)`},
		{"two times at once", "# t\nadvance 1s -to +2h\n", `drill.txtar:2: advance 1s -to +2h: unexpected "1s" beside -to (usage: DURATION [-real DURATION] [-until arrived|hit] | -to INSTANT)`},
		{"an unknown thing to wait for", "# t\nadvance 1s -until done\n", `drill.txtar:2: advance 1s -until done: -until "done": expected one of: arrived, hit (usage: DURATION [-real DURATION] [-until arrived|hit] | -to INSTANT)`},
		{"waiting until an instant", "# t\nadvance -to +2h -until hit\n", `drill.txtar:2: advance -to +2h -until hit: unexpected -until beside -to (usage: DURATION [-real DURATION] [-until arrived|hit] | -to INSTANT)`},
		{"an unknown flag", "# t\ncas pulled -since 1h\n", `drill.txtar:2: cas pulled -since 1h: unknown flag -since (usage: [-last DURATION])`},
		{"a word too many", "# t\ncas activities 3 4\n", `drill.txtar:2: cas activities 3 4: unexpected "4" (usage: N [-ago DURATION] [-over DURATION] [-late DURATION])`},
		{"a number that is none", "# t\ncas activities many\n", `drill.txtar:2: cas activities many: "many": expected how many, a whole number of at least 1 (usage: N [-ago DURATION] [-over DURATION] [-late DURATION])`},
		{"an unknown checker", "# t\ncheck all-good\n", `drill.txtar:2: check all-good: unknown checker "all-good": expected one of: assumptions, held, in-order, no-duplicates, no-loss, obeys-throttle, well-formed (usage: CHECKER ... [-only activity|alert])`},
		{"an unknown status", "# t\nportal status Fine\n", `drill.txtar:2: portal status Fine: "Fine" is no status: expected one of: Created, Connected, Connection error, Disconnected (usage: STATUS [-name NAME])`},
		{"an unknown host", "# t\nnetwork cut agent moon\n", `drill.txtar:2: network cut agent moon: unknown host "moon": expected one of: agent, cas, proxy, syslog (usage: HOST HOST)`},
		{"a missing agent.json", "# t\nagent start\n", `drill.txtar:2: agent start: the file agent.json is missing: expected it after the commands, under a line "-- agent.json --"`},
		{"agent.json that is no JSON", "# t\nagent start\n-- agent.json --\n{\n", `drill.txtar:2: agent start: agent.json: unexpected EOF`},
		{"an unknown key in agent.json", "# t\nagent start\n-- agent.json --\n{\"remte\": {}}\n", `drill.txtar:2: agent start: agent.json: json: unknown field "remte"`},
		{"a bad value in agent.json", "# t\nagent start\n-- agent.json --\n{\"timeFormat\": \"ISO\"}\n", `drill.txtar:2: agent start: agent.json: timeFormat: "ISO": expected "RFC 5424", "RFC 3164" or "RFC 3164 with year"`},
		{"a bad local setting", "# t\nagent start\n-- agent.json --\n{\"local\": {\"pageSise\": 1}}\n", `drill.txtar:2: agent start: agent.json: settings: json: unknown field "pageSise"`},
		{"a file twice", "# t\n" + agentJSON + agentJSON, "drill.txtar: the file agent.json stands in it twice"},
		{"! before an action", "# t\n! advance 1s\n", "drill.txtar:2: ! advance 1s: ! is for assertions only, this is an action"},
		{"! alone", "# t\n!\n", "drill.txtar:2: !: expected a command after it"},
		{"? as a prefix", "# t\n? cas pulled\n", "drill.txtar:2: a command with ? may fail or not, so it says nothing: not allowed"},
		{"& at the end", "# t\nadvance 1s &\n", "drill.txtar:2: advance 1s: command cannot be run in background"},
		{"a condition", "# t\n[linux] advance 1s\n", `drill.txtar:2: unknown condition "linux"`},
		{"a quote that does not end", "# t\nagent console 'x\n", "drill.txtar:2: unterminated quoted argument"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := NewWithT(t)
			_, err := simulator.ParseScript("drill.txtar", []byte(c.text))
			g.Expect(err).To(MatchError(c.wants))
		})
	}
}

func TestParseScriptReadsWhatItShows(t *testing.T) {
	g := NewWithT(t)
	s, err := simulator.ParseScript("drill.txtar", []byte("# The title\n# Shows: invalid-token, status-created\n# Faults: F03 F04\n# More words\n\n# Faults: of a phase\nadvance 1s\n"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(s.Shows).To(Equal([]string{"invalid-token", "status-created"}))
	g.Expect(s.Faults).To(Equal([]string{"F03", "F04"}))
	_, err = simulator.ParseScript("drill.txtar", []byte("# The title\n# Shows: nonsense\n"))
	g.Expect(err).To(MatchError(`drill.txtar:2: Shows: "nonsense" is no id of a documented message`))
}

func TestParseScriptReadsTheTitleAndTheID(t *testing.T) {
	g := NewWithT(t)
	s, err := simulator.ParseScript("some/where/my-drill.txtar", []byte("# The title\n\nadvance 1s # and so on\n"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(s.ID).To(Equal("my-drill"))
	g.Expect(s.Title).To(Equal("The title"))
}

func FuzzParseScript(f *testing.F) {
	for _, seed := range []string{"# t\nadvance 1s\n", "# t\n! cas pulled -last 1h\n-- agent.json --\n{}\n", "?", "!", "# t\nsyslog fault refuse a=b\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := simulator.ParseScript("drill.txtar", text)
		if (s == nil) == (err == nil) {
			t.Fatalf("script %v and error %v", s, err)
		}
	})
}
