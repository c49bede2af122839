package main

import (
	"fmt"
	"io"
	"sync"

	"siemdrill/fakesyslog"
)

// printer keeps events for the control API and prints them.
type printer struct {
	o       options
	w       io.Writer
	history *fakesyslog.History

	mu    sync.Mutex
	begun bool
	early []fakesyslog.Event // that came before the first line was printed
}

func (p *printer) hook(e fakesyslog.Event) {
	p.history.Add(e)
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.begun {
		p.early = append(p.early, e)
		return
	}
	p.print(e)
}

// begin prints the addresses, and then what happened meanwhile.
func (p *printer) begin(first started) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.o.json {
		writeJSON(p.w, first)
	} else if first.Control != "" && !onTerminal(p.o, p.w) {
		fmt.Fprintf(p.w, "control http://%s\n", first.Control)
	}
	p.begun = true
	for _, e := range p.early {
		p.print(e)
	}
	p.early = nil
}

func (p *printer) print(e fakesyslog.Event) {
	switch {
	case p.o.out == "-" || e.Kind == fakesyslog.KindLine && !p.o.verbose:
	case p.o.json:
		p.w.Write(e.JSON())
	case !onTerminal(p.o, p.w):
		text := fmt.Sprintf("%s %-14s %s %s %s", e.Time.UTC().Format("2006-01-02T15:04:05.000Z"), e.Kind, e.Connection, e.Record, e.Detail)
		fmt.Fprintln(p.w, printable(text, len(text)))
	}
}
