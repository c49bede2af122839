package fakecas

// faultKinds are the faults by name.
func faultKinds() map[string]faultKind {
	return map[string]faultKind{
		"refuse": refuseKind,
		"status": statusKind,
	}
}
