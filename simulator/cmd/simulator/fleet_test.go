package main_test

import (
	"encoding/json"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"siemdrill/simulator/fleet"
)

// What is wrong in a call is one line that says what was expected.
func TestFleetBadCalls(t *testing.T) {
	for _, c := range []struct {
		args     []string
		expected string
	}{
		{[]string{"-agents", "many"}, "expected a number"},
		{[]string{"-agents", "10,"}, "expected a number"},
		{[]string{"-agents", "0"}, "-agents: 0: expected 1 to 10000"},
		{[]string{"-for", "12h"}, "-for: 12h0m0s: expected 15h0m0s or more"},
		{[]string{"-every", "-1s"}, "expected no time less than nothing"},
		{[]string{"-throttle", "half"}, "expected documented or off"},
		{[]string{"-speed", "2"}, "usage: simulator fleet"},
		{[]string{"quickly"}, "expected flags only"},
	} {
		g := NewWithT(t)
		status, out, errOut := call(t, nil, append([]string{"fleet"}, c.args...)...)
		g.Expect(status).To(Equal(2), "%v", c.args)
		g.Expect(out).To(BeEmpty())
		g.Expect(strings.Split(errOut, "\n")).To(ConsistOf(ContainSubstring(c.expected), BeEmpty()))
	}
}

// A fleet that went well is one line of JSON, and status 0; several have a
// table of how the costs grow.
func TestFleetCommand(t *testing.T) {
	g := NewWithT(t)
	status, out, errOut := call(t, nil, "fleet", "-agents", "2", "-for", "15h", "-json")
	g.Expect(status).To(Equal(0))
	var r fleet.Result
	g.Expect(json.Unmarshal([]byte(out), &r)).To(Succeed())
	g.Expect(r.Agents).To(Equal(2))
	g.Expect(r.Changes).To(Equal(8))
	g.Expect(errOut).To(ContainSubstring("2 agents: 15 of 15 virtual hours, "))

	status, out, _ = call(t, nil, "fleet", "-agents", "1,2", "-for", "15h", "-seed", "3")
	g.Expect(status).To(Equal(0))
	g.Expect(out).To(MatchRegexp(`(?m)^ +agents +requests`))
	g.Expect(strings.Count(out, "passed\n")).To(Equal(2))
}

func TestFleetThatFails(t *testing.T) {
	g := NewWithT(t)
	status, out, _ := call(t, nil, "fleet", "-agents", "9", "-for", "15h", "-shared")
	g.Expect(status).To(Equal(1), "a tenant's throttle has no room for 9 agents")
	g.Expect(out).To(MatchRegexp(`(?m)^FAILED: agent-00.*records have not arrived$`))

	status, _, errOut := call(t, nil, "fleet", "-wall", "1ms")
	g.Expect(status).To(Equal(1))
	g.Expect(errOut).To(ContainSubstring("fleet: not over after 1ms of real time (-wall)"))
}
