package cas

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"
)

// Page is what Next found.
type Page struct {
	Records []Record // ascending by (Created, ID)
	After   Cursor   // valid once these records are confirmed
	More    bool     // the service has more right now
}

// Client reads activities and alerts in order.
type Client struct {
	Base  string // https://tenant.region.portal.cloudappsecurity.com, without a path
	Token string

	HTTP     *http.Client // nil means http.DefaultClient; must have no Timeout
	Clock    Clock        // nil means the system's
	Throttle *Throttle    // nil means none

	PageSize       int           // activities a request; 0 means 5,000
	LookBack       time.Duration // activities; 0 means the default
	AlertLookBack  time.Duration // alerts; 0 means the default
	Backlog        time.Duration // what a zero Cursor goes back; 0 means 48 h
	RequestTimeout time.Duration // of one request with its answer; 0 means 100 s
}

// Next returns the next page of type t after cur.
func (c *Client) Next(ctx context.Context, t Type, cur Cursor, filters json.RawMessage) (Page, error) {
	return Page{}, errors.New("cas: not written yet")
}
