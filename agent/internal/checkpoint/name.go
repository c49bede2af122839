package checkpoint

import (
	"hash/fnv"
	"strconv"
	"strings"
)

// fileName is made of tenant and agent id, readable and fit for every file
// system. What had to be replaced, or cut, is told apart by a hash, and case
// doesn't matter to it, as it doesn't to some file systems.
func fileName(tenant, agent string) string {
	return namePart(tenant) + "_" + namePart(agent) + ".checkpoint.json"
}

func namePart(s string) string {
	const most = 64
	clean := strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '-', c == '.':
			return c
		}
		return '-'
	}, s)
	if len(clean) > most {
		clean = clean[:most]
	}
	if clean == s && s != "" && strings.Trim(s, ".") == s {
		return s
	}
	h := fnv.New64a()
	h.Write([]byte(s))
	return strings.Trim(clean, ".") + "-" + strconv.FormatUint(h.Sum64(), 16)
}
