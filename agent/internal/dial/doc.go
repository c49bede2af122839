// Package dial makes the agent's connections: it looks the name up at every
// connection, tries every address, and asks a proxy for a tunnel where there
// is one. Its seams are the only ways out of the agent.
package dial
