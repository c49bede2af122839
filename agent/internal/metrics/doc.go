// Package metrics turns what an agent tells of itself into numbers for
// Prometheus and a yes or no for a health check. It listens nowhere: Handler is
// for whoever does.
package metrics
