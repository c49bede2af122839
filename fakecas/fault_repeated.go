package fakecas

// repeatedFault lists the last records of a page twice.
type repeatedFault struct{ n int }

var repeatedKind = faultKind{
	about: "lists the last records of a page twice",
	args:  []FaultArg{{"records", "how many; 1 by default"}},
	make: func(a *arguments) effect {
		return effect{page: repeatedFault{a.number("records", 1, 1, 5000)}.page}
	},
}

func (f repeatedFault) page(p *page) {
	n := min(f.n, len(p.places))
	p.places = append(p.places, p.places[len(p.places)-n:]...)
}
