// Package fakesyslog is a syslog server that misbehaves on request and knows
// where each message went.
//
// A [Server] receives lines over UDP, TCP and TLS, frames and reads them
// strictly, and books every event id in its ledger with the connection and the
// byte at which it came. A [Fault] makes it refuse, stall, break or slow down
// connections; each injection is told through the Hook with the connection and
// the byte it hit, and is undone by Heal.
//
// The zero Server is usable: non-transparent framing, lines of up to 64 KiB,
// the system's clock and network.
package fakesyslog
