package live

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// short is a duration without its zero units: 15m, not 15m0s.
func short(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

func sortedNames(files map[string][]byte) []string { return slices.Sorted(maps.Keys(files)) }
