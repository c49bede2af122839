// Package peer runs forwarders that other people wrote, rsyslog and syslog-ng,
// as what stands between a feed of lines and a receiver, so that they can be
// put through the same faults and the same load as an agent.
//
// [Find] finds an installed one; a [Program] comes with three configurations,
// as people have them: default, tuned and durable (in conf, to be read). A
// [Feed] writes what a tenant holds to a forwarder's TCP input, as CEF lines of
// its own making. A plain forwarder knows of no service and no portal: the Feed
// is all that it gets. An agent that does know of them, whoever wrote it, is
// told where they are by a [Briefing].
package peer
