// Package cas reads activities and alerts from the Cloud App Security REST API.
package cas
