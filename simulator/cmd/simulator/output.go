package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"siemdrill/simulator"
	"siemdrill/simulator/report"
)

// output is where the results of a run go.
type output struct {
	total   simulator.Report
	history *os.File       // nil: not asked for
	report  *report.Folder // nil: not asked for
	page    string         // of the report
	json    bool
	github  bool
}

func (how runFlags) open() (*output, error) {
	out := &output{total: simulator.Report{W: os.Stdout}, json: how.json, github: how.github}
	var err error
	if how.history != "" {
		if out.history, err = os.Create(how.history); err != nil {
			return nil, err
		}
	}
	if how.report != "" {
		out.page = filepath.Join(how.report, "report.html")
		out.report, err = report.Create(how.report)
	}
	return out, err
}

// add shows a run that has ended.
func (o *output) add(run simulator.Run) error {
	if o.json {
		o.total.Note(run.Result)
		if err := simulator.WriteJSON(os.Stdout, run.Result); err != nil {
			return err
		}
	} else {
		o.total.Add(run.Result)
	}
	if o.github {
		fmt.Print(report.Annotation(run))
	}
	if o.report == nil {
		return nil
	}
	return o.report.Add(run)
}

// abandon reports a scenario that did not end, and closes the report: what it
// saw is out of reach, in a bubble that goes on.
func (o *output) abandon(s *simulator.Script, seed uint64, wall time.Duration, reason string) error {
	run := simulator.Run{Script: s, Result: simulator.Result{V: 1, ID: s.ID, Title: s.Title, Runner: "bubble", Seed: seed,
		Verdict: simulator.Failed, Reason: reason, WallS: wall.Seconds()}}
	if o.github {
		fmt.Print(report.Annotation(run))
	}
	if o.report == nil {
		return nil
	}
	return errors.Join(o.report.Add(run), o.report.Close())
}

func (o *output) close() error {
	if !o.json {
		o.total.Total()
	}
	var errs []error
	if o.history != nil {
		errs = append(errs, o.history.Close())
	}
	if o.report != nil {
		errs = append(errs, o.report.Close())
		if !o.json {
			fmt.Println("report: " + o.page)
		}
	}
	return errors.Join(errs...)
}
