package foreign_test

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"siemdrill/scenarios/foreign"
	"siemdrill/simulator"
)

var update = flag.Bool("update", false, "write the table into the page")

const (
	page  = "../../docs/test-your-own-agent.md"
	begin = "<!-- the table: make catalogue writes it again -->\n"
	end   = "<!-- the end of the table -->\n"
)

// The page has the table that the agents are held to.
func TestPage(t *testing.T) {
	g := NewWithT(t)
	text, err := os.ReadFile(page)
	g.Expect(err).NotTo(HaveOccurred())
	before, rest, found := strings.Cut(string(text), begin)
	g.Expect(found).To(BeTrue())
	_, after, found := strings.Cut(rest, end)
	g.Expect(found).To(BeTrue())
	var table bytes.Buffer
	g.Expect(foreign.WriteTable(&table)).To(Succeed())
	want := before + begin + table.String() + end + after
	if *update {
		g.Expect(os.WriteFile(page, []byte(want), 0o644)).To(Succeed())
		return
	}
	g.Expect(string(text)).To(Equal(want), "make catalogue")
}

// Every script has a row, and every row a script that can be read.
func TestTheTableIsComplete(t *testing.T) {
	g := NewWithT(t)
	files, err := foreign.Scripts.ReadDir(".")
	g.Expect(err).NotTo(HaveOccurred())
	rows := map[string]bool{}
	for _, row := range foreign.Table {
		rows[row.Script+".txtar"] = row.Loses[0] == foreign.Apart
		for _, v := range row.Loses {
			g.Expect(v.String()).NotTo(BeEmpty(), row.Script)
		}
	}
	g.Expect(files).To(HaveLen(len(rows)))
	for _, file := range files {
		g.Expect(rows).To(HaveKey(file.Name()))
		data, err := foreign.Scripts.ReadFile(file.Name())
		g.Expect(err).NotTo(HaveOccurred())
		script, err := simulator.ParseScript(file.Name(), data)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(simulator.Forwarder.Lacks(script) != "").To(Equal(rows[file.Name()]), file.Name())
	}
}

// The trivial agent stays one.
func TestTheShellAgentIsShort(t *testing.T) {
	g := NewWithT(t)
	text, err := os.ReadFile("agent.sh")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(strings.Count(string(text), "\n")).To(BeNumerically("<=", 40))
}
