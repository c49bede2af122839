package simulator

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// WriteRunners writes which runner can play which of the scripts, and why not,
// as a page in Markdown.
func WriteRunners(w io.Writer, scripts []*Script) error {
	var b strings.Builder
	b.WriteString(runnersPage)
	b.WriteString("| scenario |")
	for _, r := range Runners() {
		fmt.Fprintf(&b, " `%s` |", r)
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(Runners())) + "\n")
	var reasons []string
	plays := map[Runner]int{}
	for _, s := range scripts {
		fmt.Fprintf(&b, "| [%s](../scenarios/%s.txtar) |", s.ID, s.ID)
		for _, r := range Runners() {
			why := r.Lacks(s)
			if why == "" {
				plays[r]++
				b.WriteString(" plays |")
				continue
			}
			if !slices.Contains(reasons, why) {
				reasons = append(reasons, why)
			}
			fmt.Fprintf(&b, " %d |", slices.Index(reasons, why)+1)
		}
		b.WriteString("\n")
	}
	b.WriteString("| **all** |")
	for _, r := range Runners() {
		fmt.Fprintf(&b, " **%d** |", plays[r])
	}
	b.WriteString("\n\nThe reasons:\n\n")
	for i, why := range reasons {
		fmt.Fprintf(&b, "%d. %s\n", i+1, why)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

const runnersPage = `<!-- made by "simulator runners": make catalogue writes it again -->
# Which runner plays which scenario

The same script can be played in five ways, and has the same verdict in each; a test compares those without containers. What a runner can't do
it skips whole, before it plays, and says why: the number is that of the reason, below the table.

- ` + "`bubble`" + `: all in one process and in memory. The default. ` + "`make scenarios`" + `
- ` + "`process`" + `: the agent's command as a process, sockets of the kernel's loopback, time is stepped
  ([decision 7](adr/0007-stepped-time.md)). ` + "`make scenarios RUNNER=process`, `simulator run -runner process SCENARIO`" + `
- ` + "`foreign`" + `: as ` + "`process`" + `, with any command in place of the agent. It can't be told the time: the fakes' clock moves
  while the script waits in real time, for as long as ` + "`advance 1m -real 3s`" + ` says, or else as long as it takes.
  ` + "`simulator run -agent 'COMMAND {token} …' FILE`" + `: [test your own agent](test-your-own-agent.md).
- ` + "`forwarder`" + `: as ` + "`foreign`" + `, with rsyslog or syslog-ng in place of the agent. A plain forwarder asks nobody for
  records: the Lab writes them to its TCP input. ` + "`simulator run -agent rsyslog:durable FILE`" + `
- ` + "`container`" + `: agent, service, receiver, name server and proxy in a container each, on real networks, and time is stepped
  ([decision 8](adr/0008-stepped-time-in-containers.md)). ` + "`make containers`, `simulator run -runner container SCENARIO`" + `;
  [what it shows](containers.md).

`
