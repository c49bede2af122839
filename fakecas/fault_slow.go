package fakecas

import "time"

// slowFault makes the answer wait.
type slowFault struct{ delay time.Duration }

var slowKind = faultKind{
	about: "answers only after a while",
	args:  []FaultArg{{"delay", "how long the client waits; 30s by default"}},
	make: func(a *arguments) effect {
		return effect{request: slowFault{a.duration("delay", 30*time.Second)}.request}
	},
}

func (f slowFault) request(x *exchange) *answer {
	if x.wait(f.delay) != nil {
		return &answer{status: statusClientGone, write: abort}
	}
	return nil
}
