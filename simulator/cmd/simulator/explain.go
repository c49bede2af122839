package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"siemdrill/simulator"
)

func explain(args []string) error {
	flags := flag.NewFlagSet("explain", flag.ContinueOnError)
	language := flags.String("lang", "en", "")
	if err := parse(flags, args); err != nil {
		return err
	}
	if *language != "en" && *language != "nl" {
		return fmt.Errorf("explain: -lang %s: expected en or nl", *language)
	}
	text := strings.Join(flags.Args(), " ")
	if text == "" {
		return errors.New("explain: expected a message of the console or the portal, or a line of an agent's log")
	}
	found := simulator.Explain(text)
	if len(found) == 0 {
		return fmt.Errorf("explain: nothing that is documented looks like %q", text)
	}
	for i, m := range found {
		if i > 0 {
			fmt.Println()
		}
		shownBy, err := scenariosThatShow(m.ID)
		if err != nil {
			return err
		}
		explainMessage(os.Stdout, m, shownBy, *language)
	}
	return nil
}

// labels are the words around an explanation.
var labels = map[string]map[string]string{
	"en": {"console": "printed by the agent", "notification": "notification in the portal", "status": "status in the portal",
		"check": "What to check", "reproduce": "To reproduce it", "none": "No scenario reproduces it yet."},
	"nl": {"console": "afgedrukt door de agent", "notification": "melding in de portal", "status": "status in de portal",
		"check": "Wat te controleren", "reproduce": "Om het na te bootsen", "none": "Nog geen scenario bootst het na."},
}

func explainMessage(w io.Writer, m simulator.Message, shownBy []*simulator.Script, language string) {
	say := labels[language]
	fmt.Fprintf(w, "%s / %s\n  (%s, %s)\n\n", m.English, m.Dutch, m.ID, say[m.Kind])
	fmt.Fprintf(w, "%s\n\n%s: %s\n\n", m.Meaning.In(language), say["check"], m.Remedy.In(language))
	if len(shownBy) == 0 {
		fmt.Fprintln(w, say["none"])
		return
	}
	fmt.Fprintf(w, "%s:\n", say["reproduce"])
	for _, s := range shownBy {
		fmt.Fprintf(w, "  make scenario ID=%-36s # %s\n", s.ID, s.Title)
	}
}

// scenariosThatShow is what the catalogue has for a message, the plainest first:
// the one of the same name, then the shorter ones.
func scenariosThatShow(id string) ([]*simulator.Script, error) {
	all, err := catalogue()
	shown := slices.DeleteFunc(all, func(s *simulator.Script) bool { return !slices.Contains(s.Shows, id) })
	slices.SortStableFunc(shown, func(a, b *simulator.Script) int {
		switch {
		case a.ID == id:
			return -1
		case b.ID == id:
			return 1
		}
		return cmp.Compare(len(a.Shows), len(b.Shows))
	})
	return shown, err
}
