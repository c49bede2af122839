// Package fakecas is a fake Cloud App Security service: the documented REST
// API, the console protocol by which a SIEM agent is configured and reports
// itself, the statuses and notifications that the portal shows, the portal
// itself, and faults.
//
// Use it to test anything that talks to that service. The zero [Server] works;
// [NewTestServer] makes it one line of a test:
//
//	srv := fakecas.NewTestServer(t)
//	srv.Tenant().AddActivities(10_000, fakecas.Spread{Ago: time.Hour, Over: time.Hour})
//	srv.Inject(fakecas.Fault{Name: "status", Where: "activities", First: 2})
//	// … point the client at srv.URL with srv.Token and srv.Client()
//
// All time goes through the [Clock], so the server can live in a
// testing/synctest bubble; what happens is told as [Event] values; records
// follow from a seed. [FaultKinds] lists what can go wrong.
//
// DESIGN.md says what is documented by the vendor, what was observed in public
// clients, and what is assumed.
package fakecas
