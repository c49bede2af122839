package fakecas

import "net/http"

// truncatedFault breaks off in the middle of the body: its length says more.
type truncatedFault struct{ percent int }

var truncatedKind = faultKind{
	about: "breaks off in the middle of the answer's body and closes the connection",
	args:  []FaultArg{{"percent", "how much of the body is sent, 0 to 99; 50 by default"}},
	make: func(a *arguments) effect {
		return effect{answer: truncatedFault{a.number("percent", 50, 0, 99)}.answer}
	},
}

func (f truncatedFault) answer(a *answer) { a.write = f.write }

func (f truncatedFault) write(x *exchange, a *answer) error {
	a.sendHeader(x, len(a.body))
	_, _ = x.w.Write(a.body[:len(a.body)*f.percent/100])
	_ = http.NewResponseController(x.w).Flush()
	return abort(x, a)
}

// statusClientGone is what a request is noted with whose client went before
// it was answered, or that was cut off on purpose.
const statusClientGone = 499

// abort ends the request without a proper end of its answer.
func abort(*exchange, *answer) error { panic(http.ErrAbortHandler) }
