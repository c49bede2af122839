package fakesyslog

import "fmt"

// longLine drops a message that is longer than a limit and closes the
// connection.
type longLine struct{ limit int }

func newLongLine(a *arguments) effect {
	f := longLine{limit: a.number("limit", 1024, 1, 1<<30)}
	return effect{turn: f.turn, message: f.message}
}

func (f longLine) turn(v view) turn {
	if v.dry && v.partial > f.limit {
		return turn{end: endClose}
	}
	return turn{}
}

func (f longLine) message(_ view, m *frame) {
	if len(m.data) > f.limit {
		m.wrong = fmt.Sprintf("longer than %d bytes: connection closed by fault", f.limit)
		m.fatal = true
	}
}
