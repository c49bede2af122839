// Package load measures what a forwarder does under load: how much it forwards,
// how old an event is when it arrives, how soon a fault is made up for, and
// whether anything was lost.
//
// A run has a fake service that creates activities at a Profile's rate whatever
// becomes of them (an open model), one agent or several, and a receiver each
// that books what comes. Event age is measured from an event's own time, so a
// forwarder that stands still ages every event behind it. Profiles, thresholds,
// windows, recoveries, comparing and merging are pure; run.go is the shell.
package load
