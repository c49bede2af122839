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
		k := FaultKind{Name: name, About: table[name].about}
		for _, a := range table[name].args {
			k.Args = append(k.Args, FaultArg(a))
		}
		kinds = append(kinds, k)
	}
	return kinds
}

// FaultNames returns the names that Inject knows, sorted.
func FaultNames() []string { return slices.Sorted(maps.Keys(faultKinds())) }

// faultKind is an entry of the table of faults.
type faultKind struct {
	about string
	args  []faultArg
	make  func(a *arguments) effect
}

// faultArg is an attribute of a fault, for the documentation and for errors.
type faultArg struct{ name, about string }
