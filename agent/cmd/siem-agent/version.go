package main

import "runtime/debug"

// released is the version that a release is built with; see the Makefile.
var released string

// version is that of the release, or of the module that the command was built
// from.
func version() string {
	if released != "" {
		return released
	}
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}

// commit is what the command was built from, as far as the build has noted it.
func commit() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	of := map[string]string{}
	for _, s := range info.Settings {
		of[s.Key] = s.Value
	}
	switch {
	case of["vcs.revision"] == "":
		return "unknown"
	case of["vcs.modified"] == "true":
		return of["vcs.revision"] + " with changes"
	}
	return of["vcs.revision"]
}
