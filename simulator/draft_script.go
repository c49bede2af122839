package simulator

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
)

const (
	recovers = 15 * time.Minute // in which everything is well again
	// mostWait is the longest time between two lines of a log that a draft
	// keeps: after more than two days away records are lost, as documented, and
	// that deserves a scenario of its own.
	mostWait      = 40 * time.Hour
	longestQuoted = 200 // bytes of a line
)

// script writes the draft.
func (d *draft) script(name string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "# Draft from %s: what may have happened\n", quote(name))
	if ids := d.messages(); len(ids) > 0 {
		fmt.Fprintf(&b, "# Shows: %s\n", strings.Join(ids, " "))
	}
	b.WriteString("\n# A guess by the lines that are quoted below, to be corrected: is it the right\n" +
		"# fault, and the right side? Where an assertion fails, it is not.\n")
	if d.left > 0 {
		fmt.Fprintf(&b, "# The log goes on: %d more lines that point to something are left out.\n", d.left)
	}
	b.WriteString("\n# All is well\n")
	if d.needsTLS() {
		b.WriteString("syslog receiver -framing octet-counting\n") // as RFC 5425 has it
	}
	b.WriteString("cas activities 20\nagent start\nadvance 1m\nportal status Connected\n")
	for i, t := range d.turns {
		d.writeTurn(&b, t, d.gap(i))
	}
	d.writeEnd(&b)
	fmt.Fprintf(&b, "\n-- agent.json --\n%s\n", d.configuration())
	return []byte(b.String())
}

func (d *draft) writeTurn(b *strings.Builder, t turn, gap time.Duration) {
	fmt.Fprintf(b, "\n# Line %d: %s\n", t.clue.number, quote(t.clue.text))
	if t.more > 0 {
		fmt.Fprintf(b, "# and %d more that fit\n", t.more)
	}
	least, rest := t.wait(gap)
	if gap > 0 && gap.Round(time.Second) != least+rest {
		fmt.Fprintf(b, "# The next one is %s later\n", short(gap.Round(time.Second)))
	}
	fmt.Fprintf(b, "\n# %s%s\n", t.when(), t.title())
	for _, s := range t.ends {
		writeCommands(b, s.end)
	}
	writeCommands(b, t.begins.begin)
	if len(t.begins.begin) > 0 {
		b.WriteString("cas activities 25\n")
	}
	fmt.Fprintf(b, "advance %s\n", short(least))
	writeCommands(b, t.assertions())
	if rest > 0 {
		fmt.Fprintf(b, "advance %s\n", short(rest))
	}
}

// title is what the turn's phase is called.
func (t turn) title() string {
	switch {
	case t.begins.name == "":
		return "No longer: " + t.ends[0].name
	case len(t.begins.begin) == 0:
		return "It goes on: " + t.begins.name
	}
	return "Suspected: " + t.begins.name
}

// when is the time of the line that the turn goes by, if it has one.
func (t turn) when() string {
	if t.clue.at.IsZero() {
		return ""
	}
	return t.clue.at.Format("15:04:05 ")
}

// wait is how long the turn lasts until it shows, and then until the next one,
// given the time between their lines.
func (t turn) wait(gap time.Duration) (least, rest time.Duration) {
	least, most := t.begins.lasts, mostWait
	if t.begins.name == "" {
		least = recovers
	}
	if t.begins.most > 0 {
		most = t.begins.most
	}
	return least, max(0, min(gap, most).Round(time.Second)-least)
}

// assertions are what the portal and the console should show by the end of the
// turn.
func (t turn) assertions() []string {
	all := t.begins.shown
	for _, id := range t.shows {
		if strings.Contains(", "+notificationNames()+", ", ", "+id+", ") {
			all = union(all, []string{"portal notification " + id})
		}
	}
	return all
}

// gap is the time from a turn to the next one, or to the last line that fits
// the last one; zero if that is not known: a line without a year may stand
// beside one that has it.
func (d *draft) gap(i int) time.Duration {
	from, until := d.turns[i].clue.at, d.turns[i].until
	if i+1 < len(d.turns) {
		until = d.turns[i+1].clue.at
	}
	gap := until.Sub(from)
	if from.IsZero() || gap < 0 || gap > 366*24*time.Hour {
		return 0
	}
	return gap
}

// writeEnd mends what still lasts, and asks whether anything was lost.
func (d *draft) writeEnd(b *strings.Builder) {
	var left []string
	for _, at := range []side{atReceiver, atService, atDisk, atAgent} {
		left = append(left, d.now[at].end...)
	}
	b.WriteString("\n# In the end everything has arrived\n")
	writeCommands(b, left)
	fmt.Fprintf(b, "cas activities 5\nadvance %s\ncheck no-loss well-formed\n", short(recovers))
}

// messages is the ids of all messages that the log has.
func (d *draft) messages() []string {
	var ids []string
	for _, t := range d.turns {
		ids = union(ids, t.shows)
	}
	return ids
}

// configuration is the agent's, as far as the log says anything of it.
func (d *draft) configuration() string {
	if d.needsTLS() {
		return `{"remote": {"protocol": "TCP"}, "local": {"tls": {}}}`
	}
	return `{"remote": {"protocol": "TCP"}}`
}

func (d *draft) needsTLS() bool {
	return slices.ContainsFunc(d.turns, func(t turn) bool { return t.begins.tls })
}

func writeCommands(b *strings.Builder, commands []string) {
	for _, c := range commands {
		b.WriteString(c + "\n")
	}
}

// short is a duration without its zero units: 15m, not 15m0s.
func short(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// secret is what a quoted line must not show: a token has at least 64
// characters; a proxy's address may have a password in it.
var (
	secretToken    = regexp.MustCompile(`[0-9A-Za-z=]{64,}`)
	secretPassword = regexp.MustCompile(`//[^/\s@]*@`)
)

// quote is a line as a comment may hold it: in one piece, without secrets and
// not too long.
func quote(line string) string {
	line = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(line, "?"))
	line = secretToken.ReplaceAllString(line, "(token)")
	line = secretPassword.ReplaceAllString(line, "//(password)@")
	line = strings.Join(strings.Fields(line), " ")
	if runes := []rune(line); len(runes) > longestQuoted {
		line = string(runes[:longestQuoted]) + "…"
	}
	return line
}
