// Package scenarios is the catalogue: a pair of a script and a Ginkgo spec for
// each documented error. The scripts are embedded, so that the simulator's
// command has them wherever it runs.
package scenarios

import (
	"embed"
	"io/fs"
	"slices"
	"strings"
)

//go:embed *.txtar
var files embed.FS

// Files lists the names of the scripts, in the order of the ids.
func Files() []string {
	names, err := fs.Glob(files, "*.txtar")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(id(a), id(b)) })
	return names
}

func id(file string) string { return strings.TrimSuffix(file, ".txtar") }

// File returns a script by its name, and whether there is one.
func File(name string) ([]byte, bool) {
	data, err := files.ReadFile(name)
	return data, err == nil
}
