package fakecas

// noNextFiltersFault leaves nextQueryFilters out of a scan's answer.
type noNextFiltersFault struct{ always bool }

var noNextFiltersKind = faultKind{
	about: "says hasNext without giving nextQueryFilters",
	args:  []FaultArg{{"always", "true says hasNext on the last page, too; false by default"}},
	make: func(a *arguments) effect {
		return effect{page: noNextFiltersFault{a.choice("always", "false", "true") == "true"}.page}
	},
}

func (f noNextFiltersFault) page(p *page) {
	p.next = nil
	p.hasNext = p.hasNext || f.always
}
