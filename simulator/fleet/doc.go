// Package fleet runs many agents for days of virtual time in one bubble, has
// each of them fail and come back, and judges what the portal said of it
// meanwhile, to the second, and whether all of its records arrived.
//
// Plans, timetables and accounts are pure; run.go and member.go are the shell.
package fleet
