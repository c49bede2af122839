package agent

import (
	"slices"
	"time"

	"siemdrill/agent/console"
)

// notifications is the set of those that are raised, oldest first.
type notifications []console.Notification

// raise adds n, or renews its detail; it reports whether n is new.
func (s *notifications) raise(n console.Notification) bool {
	if i := s.index(n.ID); i >= 0 {
		(*s)[i].Detail = n.Detail
		return false
	}
	*s = append(*s, n)
	return true
}

// resolve reports whether id was raised.
func (s *notifications) resolve(id console.NotificationID) bool {
	i := s.index(id)
	if i < 0 {
		return false
	}
	*s = slices.Delete(*s, i, i+1)
	return true
}

func (s notifications) index(id console.NotificationID) int {
	return slices.IndexFunc(s, func(n console.Notification) bool { return n.ID == id })
}

// same reports whether other names the same notifications, raised at the same
// times; a detail alone makes no difference.
func (s notifications) same(other notifications) bool {
	return slices.EqualFunc(s, other, func(a, b console.Notification) bool {
		return a.ID == b.ID && a.Since.Equal(b.Since)
	})
}

func notification(id console.NotificationID, since time.Time, cause error) console.Notification {
	return console.Notification{ID: id, Since: since, Detail: cause.Error()}
}
