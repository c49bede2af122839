package simulator

import (
	"debug/buildinfo"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
)

// AgentBinary is the agent's command as a file: the one beside this program, or
// else one that is built from the sources here, once a process. RemoveBinary
// removes that. One beside that is known to be of other sources than this
// program is an error: what it does would be taken for what these do.
var AgentBinary = sync.OnceValues(func() (string, error) {
	const name = "siem-agent"
	if self, err := os.Executable(); err == nil {
		beside := filepath.Join(filepath.Dir(self), name)
		if info, err := os.Stat(beside); err == nil && info.Mode().IsRegular() {
			return beside, ofOurBuild(beside)
		}
	}
	directory, err := os.MkdirTemp("", "siemdrill-agent-")
	if err != nil {
		return "", err
	}
	builtBinary = filepath.Join(directory, name)
	build := exec.Command("go", "build", "-o", builtBinary, "siemdrill/agent/cmd/siem-agent")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("the agent's command is not beside this program, and could not be built: %w: %s", err, out)
	}
	return builtBinary, nil
})

var builtBinary string

// RemoveBinary removes what AgentBinary has built.
func RemoveBinary() error {
	if builtBinary == "" {
		return nil
	}
	return os.RemoveAll(filepath.Dir(builtBinary))
}

// ofOurBuild is an error if a command is of other sources than this program, as
// far as both say what they were built from. A script in its place says nothing.
func ofOurBuild(command string) error {
	theirs, err := buildinfo.ReadFile(command)
	ours, known := debug.ReadBuildInfo()
	if err != nil || !known {
		return nil
	}
	if why := differs(sourcesOf(ours), sourcesOf(theirs)); why != "" {
		return fmt.Errorf("%s, beside this program, %s: build both (make build), or remove it", command, why)
	}
	return nil
}

// sources is what a program was built from, as the version control system has it.
type sources struct {
	revision string // empty: not known
	time     string // of the revision, as RFC 3339
	changed  bool   // there was more than the revision
}

func sourcesOf(info *debug.BuildInfo) (s sources) {
	for _, setting := range info.Settings {
		switch setting.Key {
		case "vcs.revision":
			s.revision = setting.Value
		case "vcs.time":
			s.time = setting.Value
		case "vcs.modified":
			s.changed = setting.Value == "true"
		}
	}
	return s
}

// differs says how theirs are other sources than ours. Two trees that were
// changed since the same revision can't be told apart.
func differs(ours, theirs sources) string {
	if ours.revision == "" || theirs.revision == "" || ours == theirs {
		return ""
	}
	how := "is of another build"
	switch {
	case theirs.time < ours.time:
		how = "is older"
	case theirs.time > ours.time:
		how = "is newer"
	}
	return fmt.Sprintf("%s: it is of %s, this program of %s", how, theirs, ours)
}

func (s sources) String() string {
	const enough = 12 // of a revision, to know it by
	text := s.revision[:min(enough, len(s.revision))]
	if s.changed {
		text += " and changes"
	}
	return strings.TrimSpace(text + " " + s.time)
}
