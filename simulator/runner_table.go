package simulator

import (
	"fmt"
	"io"
	"strings"
)

// WriteRunners writes which runner can play which of the scripts, and why not,
// as a page in Markdown.
func WriteRunners(w io.Writer, scripts []*Script) error {
	var b strings.Builder
	b.WriteString(runnersPage)
	b.WriteString("| runner | plays | skips |\n|---|---|---|\n")
	for _, r := range Runners() {
		skips := 0
		for _, s := range scripts {
			if r.Lacks(s) != "" {
				skips++
			}
		}
		fmt.Fprintf(&b, "| `%s` | %d | %d |\n", r, len(scripts)-skips, skips)
	}
	b.WriteString("\nA `forwarder` skips what asks the service or the portal, which is most of the catalogue and is not listed.\n" +
		"\n| scenario | skipped by | because |\n|---|---|---|\n")
	for _, s := range scripts {
		for _, r := range Runners() {
			if why := r.Lacks(s); why != "" && r != Forwarder {
				fmt.Fprintf(&b, "| [%s](../scenarios/%s.txtar) | `%s` | %s |\n", s.ID, s.ID, r, why)
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

const runnersPage = `<!-- made by "simulator runners": make catalogue writes it again -->
# Which runner plays which scenario

The same script can be played in five ways, and has the same verdict in each; a test compares those without containers. What a runner can't do
it skips whole, before it plays, and says why.

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
