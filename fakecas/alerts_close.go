package fakecas

import (
	"fmt"
	"net/http"
	"slices"
)

// closing is one of the documented ways to close alerts.
type closing struct {
	answer     string // the member of the answer that counts them
	resolution int    // the API's resolutionStatus
	reasons    []int  // the documented reasonIds; nil: it takes none
}

// closings are the documented ways, by the last part of their path.
var closings = map[string]closing{
	"close_false_positive": {"closed_false_positive", 3, []int{0, 1, 3, 4}},
	"close_benign":         {"closed_benign", 4, []int{2, 4, 5, 6}},
	"close_true_positive":  {"closed_true_positive", 5, nil},
}

// closeAlerts closes the alerts that a filter names and answers how many it
// closed. A request without a filter is refused rather than taken for all.
func closeAlerts(how string) func(x *exchange, _ string) answer {
	c := closings[how]
	return func(x *exchange, _ string) answer {
		p, err := readParameters(x.r, x.body)
		if err != nil {
			return refusal(http.StatusBadRequest, err.Error())
		}
		filters, err := p.object("filters")
		if err == nil && filters == nil {
			err = fmt.Errorf("filters: expected a filter object that says which alerts to close")
		}
		if err == nil {
			err = c.checkReason(p)
		}
		if err != nil {
			return refusal(http.StatusBadRequest, err.Error())
		}
		f, err := compile(Alert, filters, x.now())
		if err != nil {
			return refusal(http.StatusBadRequest, err.Error())
		}
		state := alertState{read: true, resolution: c.resolution, resolvedAt: x.now().UnixMilli(), by: x.key.owner, comment: p.scalar("comment")}
		return reply(http.StatusOK, map[string]int{c.answer: x.server.Tenant().closeAlerts(f, state)})
	}
}

func (c closing) checkReason(p parameters) error {
	if p.scalar("reasonId") == "" || c.reasons == nil {
		return nil
	}
	reason, err := p.number("reasonId")
	if err != nil {
		return err
	}
	if !slices.Contains(c.reasons, reason) {
		return fmt.Errorf("reasonId: expected one of %v, found %d", c.reasons, reason)
	}
	return nil
}

// closeAlerts gives the alerts that match the state, and counts them.
func (t *Tenant) closeAlerts(f *filter, state alertState) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	var places []uint32
	w := f.walk(&t.alerts, false, false)
	for place, ok := w.next(); ok; place, ok = w.next() {
		if w.match(place) {
			places = append(places, place)
		}
	}
	t.alerts.setState(places, func(s *alertState) { *s = state })
	return len(places)
}

// markAlert marks one alert as read or unread.
func markAlert(read bool) func(x *exchange, id string) answer {
	return func(x *exchange, id string) answer {
		t := x.server.Tenant()
		t.mu.Lock()
		defer t.mu.Unlock()
		place, ok := t.alerts.find(id)
		if !ok {
			return refusal(http.StatusNotFound, fmt.Sprintf("no alert has the id %.60q", id))
		}
		t.alerts.setState([]uint32{place}, func(s *alertState) { s.read = read })
		return reply(http.StatusOK, map[string]bool{"read": read})
	}
}
