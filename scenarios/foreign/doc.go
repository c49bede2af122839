// Package foreign has scripts of the faults that any agent can meet on the
// network, and what each of some agents that are not ours makes of them:
// rsyslog and syslog-ng as plain forwarders, and a trivial agent in shell. Its
// tests play them, in real time; docs/test-your-own-agent.md has the table.
package foreign
