package fakecas

// faultKinds are the faults by name.
func faultKinds() map[string]faultKind {
	return map[string]faultKind{
		"admin-removed":     adminRemovedKind,
		"black-hole":        blackHoleKind,
		"empty":             emptyKind,
		"expired":           expiredKind,
		"ignore-parameters": ignoreParametersKind,
		"late":              lateKind,
		"malformed":         malformedKind,
		"moved":             movedKind,
		"no-next-filters":   noNextFiltersKind,
		"old-tls":           oldTLSKind,
		"out-of-order":      outOfOrderKind,
		"refuse":            refuseKind,
		"repeated":          repeatedKind,
		"reset":             resetKind,
		"revoked":           revokedKind,
		"rotated":           rotatedKind,
		"slow":              slowKind,
		"slow-body":         slowBodyKind,
		"stalled":           stalledKind,
		"status":            statusKind,
		"throttle":          throttleKind,
		"truncated":         truncatedKind,
		"unknown-ca":        unknownCAKind,
		"wrong-name":        wrongNameKind,
	}
}
