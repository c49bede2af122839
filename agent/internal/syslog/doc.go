// Package syslog delivers lines to a syslog server and finds out whether they
// were read.
//
// A successful write over TCP proves only that the kernel took it. The proof
// used here is confirmation by closing: when the writing side is shut, a peer
// that has read everything closes too, which shows as a clean end of stream; a
// peer that closes with something unread resets the connection instead. See
// Connection.Confirm for the rules, and the agent's DESIGN.md for what they
// can't prove.
package syslog
