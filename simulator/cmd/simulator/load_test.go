package main

import (
	"testing"

	. "github.com/onsi/gomega"
)

// What is wrong in a call is one line that says what was expected.
func TestLoadBadCalls(t *testing.T) {
	for _, c := range []struct {
		args     []string
		expected string
	}{
		{[]string{"-rate", "fast"}, "expected activities a second"},
		{[]string{"-for", "0s"}, "expected more than nothing"},
		{[]string{"-transport", "http"}, "expected tcp, udp or tls"},
		{[]string{"-framing", "x"}, "expected non-transparent or octet-counting"},
		{[]string{"-throttle", "half"}, "expected documented or off"},
		{[]string{"-threshold", "age.p99<2"}, "expected a duration"},
		{[]string{"-threshold", "speed>2"}, "unknown measure"},
		{[]string{"-fault", "stall"}, "expected \"at TIME"},
		{[]string{"-fault", "at 40s stall"}, "begins after the load has ended"},
		{[]string{"-agent", "no-such-agent --token {token}"}, "or a command that is there"},
		{[]string{"-agent", "rsyslog:fast"}, "has no configuration"},
		{[]string{"-agent", "missing/siem-agent"}, "no such file"},
		{[]string{"-agent", " "}, "expected process, siem-agent"},
		{[]string{"-shard", "0/2", "-shards", "2"}, "expected one of -shard and -shards"},
		{[]string{"-shards", "2"}, "in JOB_COMPLETION_INDEX"},
		{[]string{"-shard", "2/2"}, "expected I/N"},
		{[]string{"-shard", "x"}, "expected I/N"},
		{[]string{"-rounds", "0"}, "expected 1 or more"},
		{[]string{"-metrics", "0.0.0.0:1"}, "expected a loopback address"},
		{[]string{"quickly"}, "expected flags, compare or merge"},
		{[]string{"compare", "a"}, "expected two files"},
		{[]string{"compare", "missing", "missing"}, "no such file"},
		{[]string{"merge"}, "at least one shard"},
		{[]string{"merge", "-wait", "300ms", "missing.json"}, "no such file"},
		{[]string{"merge", "-threshold", "speed>1", "a"}, "unknown measure"},
		{[]string{"merge", "load_test.go"}, "expected what simulator load -json writes"},
	} {
		g := NewWithT(t)
		err := loadTest(c.args)
		g.Expect(err).To(MatchError(ContainSubstring(c.expected)), "%v", c.args)
		g.Expect(err.Error()).NotTo(ContainSubstring("\n"))
		g.Expect(status(err)).To(Equal(exitUsage))
	}
}

// A forwarder that isn't installed is skipped, but a call with nothing left to
// test fails: it would pass on nothing.
func TestLoadSkips(t *testing.T) {
	t.Setenv("SIEMDRILL_RSYSLOG", t.TempDir())
	t.Setenv("SIEMDRILL_REQUIRE", "")
	g := NewWithT(t)
	how, err := parseLoad([]string{"-agent", "process", "-agent", "rsyslog:tuned"})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(how.agents).To(HaveLen(1))
	g.Expect(how.skipped).To(ConsistOf(ContainSubstring("rsyslog is not installed")))
	_, err = parseLoad([]string{"-agent", "rsyslog"})
	g.Expect(err).To(MatchError(ContainSubstring("nothing is left to be tested")))
	g.Expect(status(err)).To(Equal(exitUsage))
	t.Setenv("SIEMDRILL_REQUIRE", "browser peers")
	_, err = parseLoad([]string{"-agent", "process", "-agent", "rsyslog:tuned"})
	g.Expect(err).To(MatchError(ContainSubstring("rsyslog is not installed")))
}

func TestShardOf(t *testing.T) {
	g := NewWithT(t)
	t.Setenv("JOB_COMPLETION_INDEX", "3")
	for _, args := range [][]string{{"-shards", "4"}, {"-shard", "3/4"}} {
		how, err := parseLoad(args)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect([]int{how.settings.Shard, how.settings.Shards}).To(Equal([]int{3, 4}))
	}
	_, err := parseLoad([]string{"-shards", "3"})
	g.Expect(err).To(MatchError(ContainSubstring("I from 0 to N-1")))
	how, err := parseLoad(nil) // the variable alone means nothing
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(how.settings.Shards).To(Equal(1))
}

func TestCallOf(t *testing.T) {
	NewWithT(t).Expect(callOf([]string{"-fault", "at 1s stall", "it's"})).To(Equal(`simulator load -fault 'at 1s stall' 'it'\''s'`))
}
