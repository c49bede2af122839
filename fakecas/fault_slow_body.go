package fakecas

import (
	"net/http"
	"time"
)

// slowBodyFault lets the answer trickle.
type slowBodyFault struct{ rate int }

var slowBodyKind = faultKind{
	about: "sends the answer's body slowly, a piece every second",
	args:  []FaultArg{{"rate", "bytes a second, from 1 up; 1000 by default"}},
	make: func(a *arguments) effect {
		return effect{answer: slowBodyFault{a.number("rate", 1000, 1, 1<<30)}.answer}
	},
}

func (f slowBodyFault) answer(a *answer) { a.write = f.write }

func (f slowBodyFault) write(x *exchange, a *answer) error {
	a.sendHeader(x, len(a.body))
	for rest := a.body; len(rest) > 0; {
		n := min(f.rate, len(rest))
		if _, err := x.w.Write(rest[:n]); err != nil {
			return err
		}
		if err := http.NewResponseController(x.w).Flush(); err != nil {
			return err
		}
		if rest = rest[n:]; len(rest) == 0 {
			break
		}
		if err := x.wait(time.Second); err != nil {
			return err
		}
	}
	return nil
}
