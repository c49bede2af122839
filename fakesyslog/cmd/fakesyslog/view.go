package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"siemdrill/fakesyslog"
)

// onTerminal says whether the view is drawn: standard output is a terminal and
// nothing else is to be written there.
func onTerminal(o options, w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok || o.json || o.verbose || o.out == "-" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// show draws the view each second until ctx is done; without a terminal it only
// waits.
func show(ctx context.Context, o options, s *fakesyslog.Server, h *fakesyslog.History, w io.Writer) {
	if !onTerminal(o, w) {
		<-ctx.Done()
		return
	}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	var last fakesyslog.State
	for {
		state := s.State()
		fmt.Fprint(w, "\x1b[H\x1b[2J", view(screen{state, last, s.Faults(), s.Lines(), recent(h)}, 120, 40))
		last = state
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// screen is what a view shows. Before is the state a second ago.
type screen struct {
	now, before fakesyslog.State
	faults      []fakesyslog.ActiveFault
	lines       []string
	events      []fakesyslog.Event
}

// recent are the last events but for parsed lines.
func recent(h *fakesyslog.History) []fakesyslog.Event {
	all, _ := h.After(0)
	var some []fakesyslog.Event
	for i := len(all) - 1; i >= 0 && len(some) < 10; i-- {
		if all[i].Kind != fakesyslog.KindLine {
			some = append([]fakesyslog.Event{all[i]}, some...)
		}
	}
	return some
}

// view draws a screen of so many columns and rows at most.
func view(s screen, columns, rows int) string {
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	parsed := s.now.Places[fakesyslog.Parsed]
	add("%d lines/s   %.1f MB/s   %d connections   %d turned away", parsed-s.before.Places[fakesyslog.Parsed],
		float64(s.now.Bytes-s.before.Bytes)/1e6, s.now.Connections, s.now.TurnedAway)
	add("parsed %d   rejected %d   truncated %d   unread %d   swallowed %d", parsed, s.now.Places[fakesyslog.Rejected],
		s.now.Places[fakesyslog.Truncated], s.now.Places[fakesyslog.Unread], s.now.Places[fakesyslog.Swallowed])
	add("")
	add("FAULTS")
	for _, f := range s.faults {
		add("  %s since %s, hit %d", f.Fault, f.Since.UTC().Format(time.TimeOnly), f.Hits)
	}
	add("")
	add("EVENTS")
	for _, e := range s.events {
		add("  %s %s %s %s", e.Time.UTC().Format(time.TimeOnly), e.Kind, e.Connection, e.Detail)
	}
	add("")
	add("LAST LINES")
	if left := max(rows-len(out), 0); len(s.lines) > left {
		s.lines = s.lines[len(s.lines)-left:]
	}
	for _, l := range s.lines {
		add("  %s", l)
	}
	for i, l := range out {
		out[i] = printable(l, columns)
	}
	return strings.Join(out, "\n") + "\n"
}

// printable is the text without what would move the cursor, cut to a width.
func printable(text string, columns int) string {
	text = strings.Map(func(r rune) rune {
		if r < 0x20 || r >= 0x7f && r < 0xa0 {
			return '·'
		}
		return r
	}, strings.ToValidUTF8(text, "·"))
	if runes := []rune(text); len(runes) > columns {
		return string(runes[:columns-1]) + "…"
	}
	return text
}
