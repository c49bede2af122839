// Package agent forwards the activities and alerts of Cloud App Security to a
// syslog server: every record that the service holds at least once, in order
// within its type, whatever breaks on the way.
//
// An Agent is a loop around a Machine. The Machine decides: it is told what
// happened and when, and answers with what is to be done; it does no I/O and
// reads no clock. The loop does it: requests to the console and the API
// (service.go), pulls (stream.go), connections, batches and confirmations
// (connect.go, delivery.go), the checkpoint (save.go). Whatever has to wait
// runs beside the loop and comes back to it, so the agent has no lock.
//
// Everything outside is a seam of Config: Dial, Lookup, Clock, Logger, Hook.
// With them an agent runs in a bubble of testing/synctest, or on a clock that
// is stepped. DESIGN.md has the reasons and the price.
package agent
