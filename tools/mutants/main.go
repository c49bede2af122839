// Command mutants proves that the scenarios would notice: it breaks the product
// in one way at a time, by the patches in scenarios/mutants, and plays the
// catalogue with each. A mutant that no scenario catches is an error.
//
// A patch begins with lines of text: what it breaks, and "Caught by: ID", the
// scenario that must go red. Patches are applied to copies, which the build
// sees through "go build -overlay"; the tree is not touched.
//
// Call it in the folder of the tools module, with the ids of mutants or none
// for all. Exit status 0: all caught; 1: not all; 2: a patch is wrong.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	root, err := filepath.Abs("..")
	if err == nil {
		err = run(root, os.Args[1:])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutants: "+err.Error())
		os.Exit(2)
	}
}

func run(root string, ids []string) error {
	all, err := readMutants(filepath.Join(root, "scenarios", "mutants"))
	if err != nil {
		return err
	}
	for _, id := range ids {
		if !slices.ContainsFunc(all, func(m mutant) bool { return m.id == id }) {
			return fmt.Errorf("no mutant %q in scenarios/mutants", id)
		}
	}
	missed, played := 0, 0
	for _, m := range all {
		if len(ids) > 0 && !slices.Contains(ids, m.id) {
			continue
		}
		played++
		failures, err := m.play(root)
		if err != nil {
			return fmt.Errorf("%s: %w", m.id, err)
		}
		missed += report(m, failures)
	}
	fmt.Printf("%d mutants, %d caught\n", played, played-missed)
	if missed > 0 {
		os.Exit(1)
	}
	return nil
}

// report prints what came of a mutant and returns 1 if it was missed.
func report(m mutant, failures []failure) (missed int) {
	fmt.Printf("%-36s %s\n", m.id, m.what)
	if i := slices.IndexFunc(failures, func(f failure) bool { return f.ID == m.caughtBy }); i >= 0 {
		fmt.Printf("    caught by %s: %s\n", m.caughtBy, failures[i].found())
		return 0
	}
	var red []string
	for _, f := range failures {
		red = append(red, f.ID)
	}
	fmt.Printf("    MISSED: %s stayed green (red: %s)\n", m.caughtBy, strings.Join(red, ", "))
	return 1
}
