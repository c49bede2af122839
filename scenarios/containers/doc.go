// Package containers has scripts of what happens to real networks and machines,
// and the suite that plays them in containers, in real time: make containers.
package containers
