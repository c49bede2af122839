package agent

import (
	"context"
	"errors"
	"time"

	"siemdrill/agent/internal/cas"
)

// mostParcels is how many pages of one type wait for the receiver at most. Two
// let the next page come while the last one is written.
const mostParcels = 2

// stream is the records of one type, from the service to the delivery. Streams
// are independent of each other: one that fails or waits holds no other.
type stream struct {
	kind      cas.Type
	confirmed cas.Cursor // what is, or will be, in the checkpoint
	next      cas.Cursor // where the next pull goes on: ahead of confirmed
	more      bool       // the service said that it has more
	waiting   int        // pages that are not written whole
	wanted    bool       // a pull waits for room
	pulling   *parcel    // the page that is asked for, if one is
	cancel    context.CancelFunc
	cut       bool // the last page with records had not the whole look-back, and that was said
}

// begin continues from a cursor that is all there is.
func (s *stream) begin(c cas.Cursor) { s.confirmed, s.next = c, c }

// parcel is a page on its way.
type parcel struct {
	stream *stream
	page   cas.Page
	sent   int // records of it that were written
}

// pull asks for the next page of s, now or when there is room for it.
func (a *Agent) pull(s *stream) {
	if s.waiting >= mostParcels {
		s.wanted = true
		return
	}
	p, from := &parcel{stream: s}, s.next
	filters := dataType(a.configuration, s.kind).Filters
	s.pulling = p
	s.cancel = a.beside(func(ctx context.Context) func() {
		var err error
		a.waiting(func() { p.page, err = a.service.api.Next(ctx, s.kind, from, filters) })
		return func() {
			if s.pulling == p { // not given up meanwhile
				a.pulled(s, p, err)
			}
		}
	})
}

func (a *Agent) pulled(s *stream, p *parcel, err error) {
	s.pulling = nil
	if err != nil {
		a.pullFailed(s, err)
		return
	}
	s.next, s.more = p.page.After, p.page.More
	a.tell(KindPulled, "", string(s.kind), count(len(p.page.Records)))
	a.sayCut(s, p.page)
	a.delivery.take(p)
	a.step(Pulled{s.kind, p.page.More})
}

// sayCut tells of a look-back that too many records have made shorter.
func (a *Agent) sayCut(s *stream, page cas.Page) {
	left := page.LookBackLeft.Round(time.Millisecond)
	if left == 0 {
		s.cut = s.cut && len(page.Records) == 0 // such a page is no sign of fewer
		return
	}
	a.tell(KindLookBackCut, "", string(s.kind), left.String())
	if !s.cut {
		s.cut = true
		a.log.Warn("more records come than can be remembered: one that is listed later than the look-back that is left is missed", "type", s.kind, "left", left)
	}
}

func (a *Agent) pullFailed(s *stream, err error) {
	s.more = false
	a.log.Warn("nothing was pulled, it will be tried again", "type", s.kind, "cause", err)
	a.tell(KindPullFailed, "", string(s.kind), err.Error())
	failed := PullFailed{Type: s.kind}
	if answer, ok := errors.AsType[*cas.Error](err); ok {
		failed.After = answer.RetryAfter
	}
	a.delivery.pump()
	a.step(failed)
}

// stopPulling gives up the pulls that are under way or wait for room.
func (a *Agent) stopPulling() {
	for _, s := range a.streams {
		s.wanted, s.more = false, false
		if s.pulling != nil {
			s.pulling = nil
			s.cancel()
		}
	}
}

// rewind makes the next pull begin where the last confirmation ended.
func (a *Agent) rewind() {
	for _, s := range a.streams {
		s.next, s.waiting = s.confirmed, 0
	}
}
