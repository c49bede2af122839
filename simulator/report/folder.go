package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"siemdrill/simulator"
)

// Folder is where a report is written. Make it with Create, Add each run as it
// ends, then Close. What was added of a run is kept in a compact form only, so
// that a catalogue of scenarios fits into memory.
type Folder struct {
	Limits Limits // zero fields take their defaults

	path    string
	mu      sync.Mutex
	results *os.File
	entries []entry
	ids     map[string]int
}

// Limits is how much of a run its page shows. The files beside the page always
// have everything.
type Limits struct {
	Events      int // of one scenario's History, its last ones; 100,000
	TotalEvents int // of all scenarios together; 2,000,000
	Rows        int // of each list of records in the ledger; 50
}

func (l Limits) filled() Limits {
	for _, f := range []struct {
		field    *int
		fallback int
	}{{&l.Events, 100_000}, {&l.TotalEvents, 2_000_000}, {&l.Rows, 50}} {
		if *f.field == 0 {
			*f.field = f.fallback
		}
	}
	return l
}

// Create makes the folder, if need be, and empties the results in it.
func Create(path string) (*Folder, error) {
	if err := os.MkdirAll(filepath.Join(path, historyFolder), 0o755); err != nil {
		return nil, fmt.Errorf("the report's folder: %w", err)
	}
	results, err := os.Create(filepath.Join(path, "results.json"))
	if err != nil {
		return nil, fmt.Errorf("the report's folder: %w", err)
	}
	return &Folder{path: path, results: results, ids: map[string]int{}}, nil
}

const historyFolder = "history"

// Add writes a run's result and History, and keeps what the page shows of it.
// It is safe for concurrent use.
func (f *Folder) Add(run simulator.Run) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	e := entry{run: summary(run), name: f.unique(run.Result.ID)}
	if err := simulator.WriteJSON(f.results, run.Result); err != nil {
		return fmt.Errorf("results.json: %w", err)
	}
	if err := f.writeHistory(e.name, run.Evidence.Events); err != nil {
		return err
	}
	var err error
	e.scene, err = newScene(run, f.Limits.filled())
	f.entries = append(f.entries, e)
	return err
}

// unique is the id, or the id and a number if it came before.
func (f *Folder) unique(id string) string {
	id = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:`, r) || r < ' ' {
			return '_'
		}
		return r
	}, id)
	f.ids[id]++
	if n := f.ids[id]; n > 1 {
		return f.unique(fmt.Sprintf("%s-%d", id, n))
	}
	return id
}

func (f *Folder) writeHistory(name string, events []simulator.Event) error {
	file, err := os.Create(filepath.Join(f.path, historyFolder, name+".jsonl"))
	if err != nil {
		return err
	}
	return errors.Join(writeEvents(file, events), file.Close())
}

// Close writes the page and junit.xml.
func (f *Folder) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	var junit, page strings.Builder
	err := errors.Join(writeJUnit(&junit, f.runs()), writePage(&page, f.entries, f.Limits.filled()))
	return errors.Join(err,
		os.WriteFile(filepath.Join(f.path, "junit.xml"), []byte(junit.String()), 0o644),
		os.WriteFile(filepath.Join(f.path, "report.html"), []byte(page.String()), 0o644),
		f.results.Close())
}

func (f *Folder) runs() []simulator.Run {
	runs := make([]simulator.Run, len(f.entries))
	for i, e := range f.entries {
		runs[i] = e.run
	}
	return runs
}

// entry is what a Folder keeps of a run.
type entry struct {
	run   simulator.Run // without what was seen
	name  string        // the only one in this report
	scene scene
}

// summary is a run without what was seen, which is large.
func summary(run simulator.Run) simulator.Run {
	return simulator.Run{Result: run.Result, Script: run.Script, Line: run.Line}
}

func writeEvents(file *os.File, events []simulator.Event) error {
	out := json.NewEncoder(file)
	out.SetEscapeHTML(false)
	for _, e := range events {
		if err := out.Encode(e); err != nil {
			return err
		}
	}
	return nil
}
