package fakecas

import (
	"maps"
	"slices"
)

// FaultKind describes one of the faults that [Server.Inject] knows.
type FaultKind struct {
	Name  string
	About string // what the service does, to follow "the service"
	Args  []FaultArg
}

// FaultArg is one of a fault's own attributes.
type FaultArg struct{ Name, About string }

// FaultKinds returns every fault, sorted by name.
func FaultKinds() []FaultKind {
	var kinds []FaultKind
	table := faultKinds()
	for _, name := range FaultNames() {
		kinds = append(kinds, FaultKind{name, table[name].about, table[name].args})
	}
	return kinds
}

// FaultNames returns the names that Inject knows, sorted.
func FaultNames() []string { return slices.Sorted(maps.Keys(faultKinds())) }

// faultKind is an entry of the table of faults.
type faultKind struct {
	about string
	args  []FaultArg
	make  func(a *arguments) effect
}
