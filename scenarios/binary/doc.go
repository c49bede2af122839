// Package binary has the tests of the built siem-agent: a process of its own,
// the fakes or other receivers around it, the kernel's loopback between them.
//
// They show what a test within one process can't: what a kill at any moment
// loses, how much memory a process takes, how fast it is, and what receivers
// that others wrote do with its lines.
package binary
