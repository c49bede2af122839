// Command fakesyslog is a syslog server that misbehaves on request and knows
// where each message went.
//
//	fakesyslog -listen tcp://127.0.0.1:5514 -control :8514
//	fakesyslog -listen tls://:6514 -personality rsyslog -fault "reset after=100 first=2"
//	fakesyslog -listen tcp://:5514 -forward siem.example:514
//	fakesyslog report -tenant tenant.jsonl -control http://127.0.0.1:8514
//
// Exit status: 0; 1 if it could not serve, or the report found a loss; 2 if the
// call, or a file or an address that a report names, is wrong.
package main
