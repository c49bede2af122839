// Package report writes what was seen in a run of scenarios into a folder: one
// HTML file for a person, and JUnit XML, JSON lines and whole Histories for
// programs.
//
// The page is a single file that loads nothing from anywhere. Whatever came
// from a script, an agent or a network is text in it and can't become markup
// or program. It says in a plain sentence what it leaves out.
package report
