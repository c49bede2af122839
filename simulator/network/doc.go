// Package network is an in-memory IP network whose TCP and UDP behave, where a
// program can see it, as Linux's do: refusal, silence, RST, FIN, half-close, a
// send buffer that a RST empties, a zero window, deadlines, name look-up and
// its faults, an address that moves; errors are the ones package net returns.
//
// A [Host] offers the seams that the programs under test take (Dial, Lookup,
// Listen, ListenPacket). The [Network] breaks: paths, names, cables, power.
// What happened is told to Network.Hook, an [Event] at a time.
//
// Every wait is on a sync.Cond, a channel or a timer of package time, so it is
// durably blocking in a testing/synctest bubble. There is no background
// goroutine and no periodic timer: an idle network neither keeps a bubble
// alive nor hides a deadlock from it. Make the Network inside the bubble that
// uses it. Before the bubble ends, KillProcess on each host closes what is
// left.
package network
