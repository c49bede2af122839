package cas

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// The documented limits and our defaults.
const (
	// MaxPageSize is the most activities that one request of a scan may give,
	// as documented by the vendor.
	MaxPageSize = 5000
	// listPage is the most records that a request gives that is not one of a
	// scan, as documented. Alerts have no scan.
	listPage = 100

	// DefaultBacklog is how far back a first contact reads, as documented.
	DefaultBacklog = 48 * time.Hour

	// DefaultLookBack is for activities, whose place is the time at which they
	// were indexed: late is only one that is indexed and not listed yet. That
	// takes seconds; minutes when the service itself is behind.
	DefaultLookBack = 5 * time.Minute

	// DefaultAlertLookBack is for alerts, whose place is the time at which they
	// happened: one that is detected later comes late by as much.
	DefaultAlertLookBack = time.Hour

	// DefaultRequestTimeout is longer than the service itself takes to give up
	// on an answer (it then says 504).
	DefaultRequestTimeout = 100 * time.Second

	// What is read again at each poll is bounded, since the throttle allows 30
	// requests a minute for everything: two pages of activities, five of alerts.
	// With more than that in the look-back, the look-back is shortened.
	maxSeenPages  = 2
	maxSeenAlerts = 5 * listPage
)

// Client reads activities and alerts of one tenant, in order and each once.
// Its methods may be called at the same time, one call for each Type.
type Client struct {
	Base  string // https://tenant.region.portal.cloudappsecurity.com, without a path
	Token string

	HTTP     *http.Client // nil means http.DefaultClient; it must have no Timeout
	Clock    Clock        // nil means the system's
	Throttle *Throttle    // nil means none

	PageSize       int           // activities a request; 0 means MaxPageSize
	LookBack       time.Duration // activities; 0 means DefaultLookBack, less than 0 none
	AlertLookBack  time.Duration // alerts; 0 means DefaultAlertLookBack, less than 0 none
	Backlog        time.Duration // how far a zero Cursor goes back; 0 means DefaultBacklog
	RequestTimeout time.Duration // of one request and its answer; 0 means DefaultRequestTimeout
}

// Next returns the next page of list t after cur, by as many requests as that
// takes; filters are the portal's, a JSON object or nil. A zero cur starts
// Backlog before now.
//
// Along one chain of cursors (each Page's After given to the next call) every
// record that the service lists is returned once, those of one instant and
// those that are listed late, up to the look-back after their Created, among
// them. A cursor that
// went through JSON continues the same chain. The same cursor may be given
// again, after an error or to read again what was not confirmed.
//
// An answer that doesn't fit the question is refused rather than used, since
// going on from it could lose records; the error then says what did not fit.
// Errors of the service are an *Error.
func (c *Client) Next(ctx context.Context, t Type, cur Cursor, filters json.RawMessage) (Page, error) {
	clock := orSystem(c.Clock)
	clock.Busy(1)
	defer clock.Busy(-1)
	page, err := c.next(ctx, t, cur, filters)
	if err != nil {
		return Page{}, fmt.Errorf("%s: %w", listName(t), err)
	}
	return page, nil
}

func (c *Client) next(ctx context.Context, t Type, cur Cursor, filters json.RawMessage) (Page, error) {
	if cur.IsZero() {
		cur = StartAt(c.now().Add(-orDefault(c.Backlog, DefaultBacklog)))
	}
	at := cur.scan
	if at == nil || at.list != t || at.portal != string(filters) {
		at = begin(t, cur, filters)
	}
	left := time.Duration(0)
	// What was seen before fills only so many pages, also when the service takes
	// no notice of the limit.
	for range len(cur.Seen)/listPage + 16 {
		got, err := c.list(ctx, at, filters)
		if isRefused(err) && at.filters != nil {
			at = begin(t, cur, filters) // it no longer knows its own nextQueryFilters
			continue
		}
		if err != nil {
			return Page{}, err
		}
		if err := got.place(at.from); err != nil {
			return Page{}, err
		}
		complete := got.asked.Add(-c.lookBack(t)).UnixMilli()
		at = at.settle(got.latest(), complete)
		following, err := at.goOn(got)
		if err != nil {
			return Page{}, err
		}
		fresh := freshOf(cur, got.records)
		whole := at.settled // what needs no reading again
		if following != nil {
			whole = min(whole, following.reached(got.latest()))
		}
		after, closer := cur.read(fresh, got.asked, whole, c.marks(t))
		after = after.with(following)
		if closer {
			left = max(time.Millisecond, got.asked.Sub(time.UnixMilli(after.Floor)))
		}
		if following == nil && at.settled == unsettled {
			after = after.atRest(c.now(), c.lookBack(t))
		}
		if after.scan != nil && at.settled != unsettled && complete-at.settled > c.lookBack(t).Milliseconds() {
			after.scan = begin(t, after, filters) // a scan without an end would find nothing that is late
		}
		if len(fresh) > 0 || after.scan == nil {
			return Page{Records: fresh, After: after, More: after.scan != nil, LookBackLeft: left, before: cur}, nil
		}
		cur, at = after, after.scan
	}
	return Page{}, errors.New("the service says that it has more, but lists the same records again and again")
}

// freshOf returns the records that cur has not seen, ascending and each once.
func freshOf(cur Cursor, records []Record) []Record {
	slices.SortFunc(records, compareRecords)
	records = slices.CompactFunc(records, func(a, b Record) bool { return compareRecords(a, b) == 0 })
	return slices.DeleteFunc(records, func(r Record) bool { return cur.has(markOf(&r)) })
}

func (c *Client) now() time.Time { return orSystem(c.Clock).Now() }

func (c *Client) pageSize(t Type) int {
	if t == Alert {
		return listPage
	}
	return orDefault(c.PageSize, MaxPageSize)
}

// marks returns how many records a cursor remembers.
func (c *Client) marks(t Type) int {
	if t == Alert {
		return maxSeenAlerts
	}
	return maxSeenPages * c.pageSize(t)
}

func (c *Client) lookBack(t Type) time.Duration {
	if t == Alert {
		return max(0, orDefault(c.AlertLookBack, DefaultAlertLookBack))
	}
	return max(0, orDefault(c.LookBack, DefaultLookBack))
}

func orDefault[T comparable](value, otherwise T) T {
	var zero T
	if value == zero {
		return otherwise
	}
	return value
}

func instant(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z") }

// listName is how a list is called in paths and errors.
func listName(t Type) string {
	if t == Alert {
		return "alerts"
	}
	return "activities"
}
