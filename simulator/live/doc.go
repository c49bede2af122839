// Package live lets a person play a Lab on real processes: a page on loopback
// to break and mend both ends, with a clock, a time line and the portal.
//
// Every click is a command of a script, played at the Lab's time as it then is.
// So what was clicked can be saved as a script, which plays again in the bubble
// with the same verdict.
package live
