package fakecas

// emptyFault answers 200 with nothing in it.
type emptyFault struct{ body string }

var emptyKind = faultKind{
	about: "answers 200 with an empty body",
	args:  []FaultArg{{"as", "nothing (no byte), object ({}) or null; nothing by default"}},
	make: func(a *arguments) effect {
		bodies := map[string]string{"nothing": "", "object": "{}", "null": "null"}
		return effect{answer: emptyFault{bodies[a.choice("as", "nothing", "object", "null")]}.answer}
	},
}

func (f emptyFault) answer(a *answer) {
	a.status, a.body, a.served = 200, []byte(f.body), nil
}
