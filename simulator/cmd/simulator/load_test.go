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
		{[]string{"-rate", "1", "-ramp", "0..5"}, "expected one of -rate, -ramp and -steps"},
		{[]string{"-for", "0s"}, "expected more than nothing"},
		{[]string{"-transport", "http"}, "expected tcp, udp or tls"},
		{[]string{"-framing", "x"}, "expected non-transparent or octet-counting"},
		{[]string{"-throttle", "half"}, "expected documented or off"},
		{[]string{"-threshold", "age.p99<2"}, "expected a duration"},
		{[]string{"-threshold", "speed>2"}, "unknown measure"},
		{[]string{"-fault", "stall"}, "expected \"at TIME"},
		{[]string{"-fault", "at 40s stall"}, "begins after the load has ended"},
		{[]string{"-agent", "rsyslog"}, "expected process or binary"},
		{[]string{"-shard", "2/2"}, "expected I/N"},
		{[]string{"-shard", "x"}, "expected I/N"},
		{[]string{"-runs", "0"}, "expected 1 or more"},
		{[]string{"-metrics", "0.0.0.0:1"}, "expected a loopback address"},
		{[]string{"quickly"}, "expected flags, compare or merge"},
		{[]string{"compare", "a"}, "expected two files"},
		{[]string{"compare", "missing", "missing"}, "no such file"},
		{[]string{"merge"}, "at least one shard"},
		{[]string{"merge", "load_test.go"}, "expected what simulator load -json writes"},
	} {
		g := NewWithT(t)
		err := loadTest(c.args)
		g.Expect(err).To(MatchError(ContainSubstring(c.expected)), "%v", c.args)
		g.Expect(err.Error()).NotTo(ContainSubstring("\n"))
		g.Expect(status(err)).To(Equal(exitUsage))
	}
}

func TestCallOf(t *testing.T) {
	NewWithT(t).Expect(callOf([]string{"-fault", "at 1s stall", "it's"})).To(Equal(`simulator load -fault 'at 1s stall' 'it'\''s'`))
}
