// Package container has the machines of the container runner: each of the
// agent, the service and the receiver in a container of its own, with addresses
// of its own on Docker networks. Images are made from nothing and loaded into
// the engine: nothing is pulled, and no builder is needed. Whatever happens to
// this process, what it made in the engine is removed (watchdog.go).
package container
