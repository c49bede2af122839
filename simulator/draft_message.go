package simulator

import "strings"

// messageFinder finds documented messages in lines. A log says the same again
// and again, so what was found is kept.
type messageFinder struct {
	all      []Message
	found    map[string][]string // by the line without its digits
	compared int                 // lines that were compared with every wording
}

// Where a message is looked for that is not worded exactly: comparing is slow.
const (
	longestCompared = 200    // bytes of a line
	mostCompared    = 500    // different lines
	mostKept        = 10_000 // of what was found
)

func newMessageFinder() *messageFinder {
	return &messageFinder{all: Messages(), found: map[string][]string{}}
}

// in is the ids of the documented messages in a line.
func (f *messageFinder) in(line string) []string {
	if len(line) > longestQuoted*10 {
		line = line[:longestQuoted*10]
	}
	key := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, line)
	ids, known := f.found[key]
	if !known {
		ids = f.look(line)
		if len(f.found) < mostKept {
			f.found[key] = ids
		}
	}
	return ids
}

func (f *messageFinder) look(line string) []string {
	lower := strings.ToLower(line)
	var ids []string
	for _, m := range f.all {
		for _, wording := range []string{m.ID, m.English, m.Dutch} {
			if m.Kind != "status" && strings.Contains(lower, strings.ToLower(wording)) {
				ids = append(ids, m.ID)
				break
			}
		}
	}
	if len(ids) > 0 || len(line) > longestCompared || quiet.MatchString(lower) || f.compared >= mostCompared {
		return ids
	}
	f.compared++
	for _, m := range Explain(withoutTime(line)) {
		return []string{m.ID}
	}
	return nil
}

func withoutTime(line string) string {
	return rfc3164Like.ReplaceAllString(rfc3339Like.ReplaceAllString(line, ""), "")
}
