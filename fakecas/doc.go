// Package fakecas is a fake Cloud App Security service: the documented REST
// API, the console protocol by which a SIEM agent is configured and reports
// itself, the statuses and notifications that the portal shows, and faults.
//
// Use it to test anything that talks to that service. The zero Server works;
// [NewTestServer] makes it one line of a test. All time goes through the
// Clock, so the server can live in a testing/synctest bubble.
//
// DESIGN.md says what is documented by the vendor, what was observed in public
// clients, and what is assumed.
package fakecas
