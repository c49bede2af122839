// Package stepped lets time be stepped from outside, so that days of an agent's
// life pass in a second on real processes and real sockets.
//
// A Party is one process's part in it: the clock that its timers and time
// stamps come from, and the account that it keeps of what it still has in hand
// (work, connections, dials). One coordinator owns the time; it moves it only
// while every party is at rest and nothing is on its way between them. The
// protocol between a party in another process and the coordinator is here too:
// JSON objects, one a line, over a Unix socket or loopback TCP.
//
// Nothing here is used unless it is asked for: an agent without it has the
// system's clock and the system's connections, unwrapped.
package stepped
