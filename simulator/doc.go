// Package simulator drives the agent, the fake service and the fake syslog
// server through scenarios, in virtual time, and judges what happened.
//
// A [Lab] is the whole simulated world: it lives in a [Bubble], where hours
// pass in milliseconds. A [Script] is a scenario's text file; its commands act
// on the Lab and assert what the portal shows and what the receiver got. All
// that happens is in the [History]; a [Checker] judges it afterwards, by the
// identity of records. DESIGN.md says what that is worth.
package simulator
