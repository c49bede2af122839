package simulator

import (
	_ "embed"
	"sync"
)

// FieldFault is a fault that customers meet around such an agent.
type FieldFault struct {
	Number   string   `yaml:"number"` // F01 to F54
	What     string   `yaml:"what"`
	Known    []string `yaml:"known"`     // how we know of it: vendor, api, syslog, inferred
	Source   string   `yaml:"source"`    // where it was reported
	NotShown string   `yaml:"not-shown"` // why no scenario shows it; empty: one does
}

//go:embed faults.yaml
var faultsFile []byte

// FieldFaults returns the faults in the field, by their numbers.
var FieldFaults = sync.OnceValue(func() []FieldFault { return readTable[FieldFault]("faults.yaml", faultsFile) })
