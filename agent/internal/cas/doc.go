// Package cas reads activities and alerts from the Cloud App Security REST
// API, as the vendor documents it: every record once, in order, from a cursor
// that survives a restart.
//
// # What is guaranteed
//
// A record is returned once along one chain of cursors if the service lists it
// no later than the look-back after its Created; see Client.Next. That takes
// no view of how records fall into pages: a tie larger than a page, a page
// that is cut by a restart, an alert that is deleted between two requests make
// no difference.
//
// For an activity Created is when it was indexed, so one that happened long
// ago and is indexed now has its place now, and the look-back covers only the
// time between indexing and listing. Alerts can be listed by nothing but
// the time at which they happened, so theirs has to cover detection as well.
//
// # What it costs
//
// Each poll reads the look-back again: up to two pages of activities and five
// of alerts; nothing once the look-back has passed without a new record. With more records than that in the look-back (500 alerts; 10,000
// activities in 5 minutes, which is 33 a second) the look-back is shortened to
// what fits, and a record that is listed later than that is missed. The cursor
// carries their ids, some 80 bytes each; while a backlog is read it carries
// only those of its last instant.
//
// An answer that is not what was asked for (other order, filters ignored, more
// announced without a way to it) is an error. Reading on could lose records
// without a trace; an error is seen.
package cas
