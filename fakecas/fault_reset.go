package fakecas

import "net/http"

// resetFault breaks connections with RST.
type resetFault struct{ percent int }

var resetKind = faultKind{
	about: "resets the connection",
	args: []FaultArg{
		{"at", "connection (as soon as it is accepted), request (once it was read) or answer (in the middle of it); request by default"},
		{"percent", "with at=answer: how much of the body is sent, 0 to 99; 50 by default"},
	},
	make: func(a *arguments) effect {
		f := resetFault{a.number("percent", 50, 0, 99)}
		switch a.choice("at", "request", "connection", "answer") {
		case "connection":
			return effect{accept: (*connection).Reset}
		case "answer":
			return effect{answer: f.answer}
		default:
			return effect{request: f.request}
		}
	},
}

func (f resetFault) request(x *exchange) *answer {
	x.reset()
	return &answer{status: statusClientGone, write: abort}
}

func (f resetFault) answer(a *answer) { a.write = f.write }

func (f resetFault) write(x *exchange, a *answer) error {
	a.sendHeader(x, len(a.body))
	_, _ = x.w.Write(a.body[:len(a.body)*f.percent/100])
	_ = http.NewResponseController(x.w).Flush()
	x.reset()
	return abort(x, a)
}

// reset breaks the request's connection, where the server owns it.
func (x *exchange) reset() {
	if x.connection != nil {
		x.connection.Reset()
	}
}
