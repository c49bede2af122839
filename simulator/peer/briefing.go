package peer

import (
	"maps"
	"slices"
	"strings"
)

// Briefing is what an agent that isn't ours has to be told, by name: token,
// service, receiver, ca (a file with those who sign the service's certificate)
// and so on. It gets each in its arguments, where they ask for it, and in its
// environment.
type Briefing map[string]string

// Arguments are the words of a command with what they ask for, such as {token},
// in its place. What was put there is not looked at again.
func (b Briefing) Arguments(command []string) []string {
	var pairs []string
	for _, name := range b.names() {
		pairs = append(pairs, "{"+name+"}", b[name])
	}
	filled := strings.NewReplacer(pairs...)
	var all []string
	for _, word := range command {
		all = append(all, filled.Replace(word))
	}
	return all
}

// Environment has SIEMDRILL_TOKEN and so on, and SSL_CERT_FILE, so that many
// agents trust the service without being told.
func (b Briefing) Environment() []string {
	all := []string{"SSL_CERT_FILE=" + b["ca"]}
	for _, name := range b.names() {
		all = append(all, "SIEMDRILL_"+strings.ToUpper(name)+"="+b[name])
	}
	return all
}

func (b Briefing) names() []string { return slices.Sorted(maps.Keys(b)) }
