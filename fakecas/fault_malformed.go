package fakecas

// malformedFault answers 200 with something that is not JSON.
type malformedFault struct{ html bool }

var malformedKind = faultKind{
	about: "answers 200 with a body that is not JSON",
	args:  []FaultArg{{"as", "cut (half of the JSON) or html (a page, as some proxies send); cut by default"}},
	make: func(a *arguments) effect {
		return effect{answer: malformedFault{a.choice("as", "cut", "html") == "html"}.answer}
	},
}

func (f malformedFault) answer(a *answer) {
	a.status, a.served = 200, nil
	if f.html {
		a.body = []byte("<!doctype html><html><body><h1>Sign in</h1></body></html>")
		return
	}
	a.body = a.body[:len(a.body)/2]
}
