package fakecas

import "time"

// Settings are the service's limits. The zero value of a field means what the
// vendor documents, or what DESIGN.md decides where the vendor is silent.
type Settings struct {
	// Tenant is the tenant's name, the first label of its documented address.
	// Default "contoso".
	Tenant string
	// RequestsPerMinute is the throttle of the tenant's REST API. Default 30,
	// as documented; negative means none.
	RequestsPerMinute int
	// ThrottleShape is how a throttled request is answered. Default
	// ThrottleDocumented.
	ThrottleShape ThrottleShape
	// Withhold is the age below which a record is left out of scans.
	// Default 5 s; negative means none.
	Withhold time.Duration
	// ListLimit is the largest and the default page of a list. Default 100.
	ListLimit int
	// ScanLimitMin (also the default page of a scan) and ScanLimitMax bound a
	// page in scan mode. Defaults 500 and 5,000.
	ScanLimitMin, ScanLimitMax int
	// AgentErrorAfter is the X of "disconnected for more than X hours", after
	// which SIEM agent error is raised. Default 12 h.
	AgentErrorAfter time.Duration
	// RecoveryGrace is how long after the end of its time frame, and after its
	// first contact, a recovery agent is disabled. Default 24 h.
	RecoveryGrace time.Duration
	// History is how many Events the control API keeps, from when it was
	// started. Default 100,000.
	History int
}

func (s Settings) withDefaults() Settings {
	or(&s.Tenant, "contoso")
	or(&s.RequestsPerMinute, 30)
	or(&s.ThrottleShape, ThrottleDocumented)
	or(&s.Withhold, 5*time.Second)
	or(&s.ListLimit, 100)
	or(&s.ScanLimitMin, 500)
	or(&s.ScanLimitMax, 5000)
	or(&s.AgentErrorAfter, 12*time.Hour)
	or(&s.History, 100_000)
	or(&s.RecoveryGrace, 24*time.Hour)
	return s
}

// or sets *v to the default d where it has its zero value.
func or[T comparable](v *T, d T) {
	var zero T
	if *v == zero {
		*v = d
	}
}
