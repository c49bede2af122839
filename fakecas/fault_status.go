package fakecas

import "net/http"

// statusFault answers with an HTTP error instead of doing what was asked.
type statusFault struct {
	code int
	text string
}

var statusKind = faultKind{
	about: "answers with an HTTP error",
	args: []FaultArg{
		{"code", "the status, 400 to 599; 503 by default"},
		{"text", "the reason in the answer; the status's own by default"},
	},
	make: func(a *arguments) effect {
		f := statusFault{code: a.number("code", http.StatusServiceUnavailable, 400, 599)}
		f.text = a.text("text", http.StatusText(f.code))
		return effect{request: f.request}
	},
}

func (f statusFault) request(*exchange) *answer {
	a := refusal(f.code, f.text)
	a.challenge = f.code == http.StatusUnauthorized
	return &a
}
