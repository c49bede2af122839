package simulator

import (
	"slices"
	"strings"
	"unicode"

	"github.com/agnivade/levenshtein"
)

// Explain finds what text means: a documented message, in English or Dutch,
// exact or nearly so, or a line from an agent's log. The best match comes
// first; none is an empty result.
func Explain(text string) []Message {
	type match struct {
		message Message
		score   float64
	}
	var found []match
	for _, m := range Messages() {
		if s := m.score(text); s >= likely {
			found = append(found, match{m, s})
		}
	}
	slices.SortStableFunc(found, func(a, b match) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return 0
	})
	var best []Message
	for _, f := range found {
		if f.score >= found[0].score-nearlyAsGood {
			best = append(best, f.message)
		}
	}
	return best
}

const (
	likely       = 0.6  // what scores less is no match
	nearlyAsGood = 0.05 // what scores that much less than the best is shown too
)

// score says how well text fits the message: 1 is exact.
func (m Message) score(text string) float64 {
	plain := normalise(text)
	if plain == "" {
		return 0
	}
	best := 0.0
	for _, wording := range []string{m.ID, m.English, m.Dutch} {
		best = max(best, similarity(plain, normalise(wording)))
	}
	for _, words := range m.Log {
		if strings.Contains(" "+plain+" ", " "+normalise(words)+" ") {
			best = max(best, 0.9)
		}
	}
	return best
}

// similarity compares a wording with a text, or with the part of a longer text
// that fits it best.
func similarity(text, wording string) float64 {
	texts, wordings := strings.Fields(text), strings.Fields(wording)
	best := alike(text, wording)
	for i := 0; i+len(wordings) <= len(texts); i++ {
		part := strings.Join(texts[i:i+len(wordings)], " ")
		best = max(best, alike(part, wording)-0.02)
	}
	return best
}

// alike is 1 for equal texts and 0 for entirely different ones.
func alike(a, b string) float64 {
	longest := max(len([]rune(a)), len([]rune(b)))
	if longest == 0 {
		return 0
	}
	return 1 - float64(levenshtein.ComputeDistance(a, b))/float64(longest)
}

// normalise keeps letters and digits, in lower case, a space between words.
func normalise(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), " ")
}
