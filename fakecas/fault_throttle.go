package fakecas

import "time"

// throttleFault sends requests away as if others had used up the tenant's
// share.
type throttleFault struct {
	shape ThrottleShape
	wait  time.Duration
}

var throttleKind = faultKind{
	about: "sends requests away as if the tenant's share of the throttle were used up",
	args: []FaultArg{
		{"shape", "documented (429 with Retry-After), bare (429 without) or text (400 with a text); documented by default"},
		{"wait", "how long to stay away; 30s by default"},
	},
	make: func(a *arguments) effect {
		f := throttleFault{
			shape: ThrottleShape(a.choice("shape", string(ThrottleDocumented), string(ThrottleBare), string(ThrottleText))),
			wait:  a.duration("wait", 30*time.Second),
		}
		return effect{request: f.request}
	},
}

func (f throttleFault) request(x *exchange) *answer {
	now := x.now()
	t := &x.server.throttle
	t.mu.Lock()
	early := t.early(x.token, now)
	t.sendAway(x.token, now.Add(f.wait))
	t.mu.Unlock()
	return x.sentAway(f.shape, f.wait, early)
}
