package fakesyslog

// acceptReset accepts a connection and breaks it at once with RST, as a load
// balancer does that has nobody behind it.
type acceptReset struct{}

func newAcceptReset(*arguments) effect { return effect{turn: acceptReset{}.turn} }

func (acceptReset) turn(v view) turn {
	if v.standing {
		return turn{}
	}
	return turn{end: endReset}
}
