// Package containers has scripts of what happens to real networks and machines,
// and the suite that plays them, and the catalogue's, in containers: make
// containers.
package containers
