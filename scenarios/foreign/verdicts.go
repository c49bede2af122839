package foreign

import (
	"embed"
	"fmt"
	"io"
	"strings"
)

// Scripts are the scripts, ID.txtar each.
//
//go:embed *.txtar
var Scripts embed.FS

// Verdict is what became of the records that were due when a script was played.
// More than one bit is set where that is a matter of the moment.
type Verdict uint8

// The verdicts.
const (
	None   Verdict       = 1 << iota // all arrived
	Some                             // some did not arrive
	Unmet                            // the fault found nothing that it could hit
	Apart                            // it asks nothing of the service, so this can't happen to it
	Either = None | Some             // as the moment has it: see the row's reason
)

func (v Verdict) String() string {
	var words []string
	for i, word := range []string{"none", "some", "not met", "–"} {
		if v>>i&1 == 1 {
			words = append(words, word)
		}
	}
	return strings.Join(words, " or ")
}

// Agents are who plays, in the order of the table's columns.
var Agents = []string{"rsyslog", "rsyslog:durable", "syslog-ng", "syslog-ng:durable", "agent.sh", "siem-agent"}

// Row is what each agent loses in one script, in the order of Agents, and why.
type Row struct {
	Script string
	Loses  [6]Verdict
	Why    string
}

// Table is what is expected, and the tests hold the agents to it.
var Table = []Row{
	{"steady", [6]Verdict{None, None, None, None, None, None},
		"nothing is wrong"},
	{"slow", [6]Verdict{None, None, None, None, None | Unmet, None},
		"TCP makes the sender wait"},
	{"black-hole", [6]Verdict{None, None, None, None, None, None},
		"it is over before TCP gives up, and TCP sends again"},
	{"stall", [6]Verdict{None, None, Either, None, None | Unmet, None},
		"up to 20,000 lines wait, as fast as they come: syslog-ng's default keeps 10,000 and what the kernels take, the others let the input wait; agent.sh may be too slow to meet it"},
	{"half-close", [6]Verdict{None, None, None, None, None | Unmet, None},
		"the receiver reads on, so what was written arrives; agent.sh may be done before it notices"},
	{"idle-closed", [6]Verdict{None, None, None, None, Unmet, None},
		"nothing was under way, and each noticed before it wrote again; agent.sh has no connection that is idle"},
	{"idle-reset", [6]Verdict{None, None, None, None, Unmet, None},
		"as above"},
	{"moved", [6]Verdict{None, None, None, None, None, None},
		"nothing was under way, the connection broke, and each looks the name up when it connects again"},
	{"refuse", [6]Verdict{Either, None, None, None, None, None},
		"nothing was under way when it went down; rsyslog's default throws lines away while its action is suspended, for 30 s after a failure, and it depends on when it fails"},
	{"restart", [6]Verdict{Either, None, None, None, Unmet, None},
		"as above; agent.sh has no connection that could be closed"},
	{"reset", [6]Verdict{Some, Some, Some, Some, Either, None},
		"what the kernels had taken of a burst is lost, and TCP does not tell what arrived; agent.sh notices if it is still writing"},
	{"close", [6]Verdict{Some, Some, Some, Some, Either, None},
		"as above: a receiver that closes with lines unread resets"},
	{"crash", [6]Verdict{Some, Some, Some, Some, Either, None},
		"as above"},
	{"stall-then-reset", [6]Verdict{Some, Some, Some, Some, Some, None},
		"2,000 lines were in the kernels, and counted as sent"},
	{"stopped-with-a-backlog", [6]Verdict{Some, Some, Some, None, None, None},
		"a queue in memory goes with the process; rsyslog's durable one is saved, but for the batch that its action had in hand; agent.sh begins again two days back"},
	{"killed-with-a-backlog", [6]Verdict{Some, Some, Some, None, None, None},
		"rsyslog's durable queue is in memory as long as there are few lines; syslog-ng's reliable buffer is on the disk"},
	{"service-errors", [6]Verdict{Apart, Apart, Apart, Apart, None, None},
		"a page that did not come is asked for again"},
	{"service-answer-cut", [6]Verdict{Apart, Apart, Apart, Apart, None, None},
		"as above"},
	{"service-throttles", [6]Verdict{Apart, Apart, Apart, Apart, None, None},
		"as above, later"},
	{"service-answer-no-json", [6]Verdict{Apart, Apart, Apart, Apart, Some, None},
		"agent.sh looks for its next place in whatever came, and has none afterwards"},
}

// WriteTable writes the table in Markdown.
func WriteTable(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "| what happens | %s | because |\n|---|%s---|\n", strings.Join(quoted(Agents), " | "), strings.Repeat("---|", len(Agents)))
	for _, row := range Table {
		fmt.Fprintf(&b, "| [%s](../scenarios/foreign/%s.txtar) |", row.Script, row.Script)
		for _, v := range row.Loses {
			fmt.Fprintf(&b, " %s |", emphasis(v))
		}
		fmt.Fprintf(&b, " %s |\n", row.Why)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// emphasis makes a loss stand out.
func emphasis(v Verdict) string {
	if v&Some != 0 {
		return "**" + v.String() + "**"
	}
	return v.String()
}

func quoted(words []string) []string {
	var all []string
	for _, word := range words {
		all = append(all, "`"+word+"`")
	}
	return all
}
