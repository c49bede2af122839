package fakecas

import "math/rand/v2"

// outOfOrderFault shuffles the records of each page.
type outOfOrderFault struct{ seed uint64 }

var outOfOrderKind = faultKind{
	about: "lists the records of a page in no order",
	make:  func(a *arguments) effect { return effect{page: outOfOrderFault{a.seed}.page} },
}

func (f outOfOrderFault) page(p *page) {
	r := rand.New(rand.NewPCG(f.seed, uint64(len(p.places))))
	r.Shuffle(len(p.places), func(i, j int) { p.places[i], p.places[j] = p.places[j], p.places[i] })
}
