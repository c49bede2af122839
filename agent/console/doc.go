// Package console is the protocol by which an agent fetches its configuration
// from the portal, says that it is alive, and reports its notifications.
//
// The vendor's own protocol is not public, so this one is ours. It is written
// once and shared by the agent and by fakecas; a real one would replace this
// package and nothing else. What the vendor does document (texts, statuses,
// lines) is deliberately not here: it is written twice, independently.
//
// Requests go to the same host as the REST API, with the same
// "Authorization: Token" header, and don't count against its throttle:
//
//	GET  /siemdrill/v1/configuration   a Configuration, its version as ETag
//	POST /siemdrill/v1/contact         a Contact, answered by a ContactAnswer
//
// Only a 200 counts as contact. 401: the token is dead. 410: the agent was
// deleted. 404 is not of this protocol.
package console

// The paths of the protocol.
const (
	ConfigurationPath = "/siemdrill/v1/configuration"
	ContactPath       = "/siemdrill/v1/contact"
)
