package simulator

import (
	"fmt"
	"os"
	"path/filepath"
)

// checkpointDamages is what can happen to an agent's checkpoint on the disk.
var checkpointDamages = map[string]func(file string) error{
	"gone": os.Remove,
	"torn": func(file string) error {
		info, err := os.Stat(file)
		if err != nil {
			return err
		}
		return os.Truncate(file, info.Size()/2)
	},
	"foreign": func(file string) error {
		return os.WriteFile(file, []byte(`{"version": 1, "tenant": "fabrikam", "agent": "0123456789abcdef01234567"}`), 0o600)
	},
	"newer": func(file string) error {
		return os.WriteFile(file, []byte(`{"version": 999}`), 0o600)
	},
}

// What can happen to the folder of a checkpoint.
const (
	directoryGone = "directory-gone"
	directoryBack = "directory-back"
)

// DamageCheckpoint does something to the checkpoint of an agent that is not
// running.
func (l *Lab) DamageCheckpoint(name, damage string) error {
	if run := l.lastRun(name); run == nil || !run.ended() {
		return fmt.Errorf("the agent %q has to be started and stopped first", name)
	}
	return l.world.damage(l.CheckpointDirectory(name), damage)
}

// moveCheckpoints takes the folder of an agent's checkpoint away, or brings it
// back.
func (l *Lab) moveCheckpoints(name string, away bool) error {
	what := directoryBack
	if away {
		what = directoryGone
	}
	return l.world.damage(l.CheckpointDirectory(name), what)
}

// damageCheckpoint does something to the checkpoint in a directory.
func damageCheckpoint(directory, what string) error {
	switch what {
	case directoryGone:
		return os.Rename(directory, directory+".gone")
	case directoryBack:
		return os.Rename(directory+".gone", directory)
	}
	damage := checkpointDamages[what]
	if damage == nil {
		return fmt.Errorf("unknown damage %q: expected one of: %s", what, list(damages()))
	}
	files, err := filepath.Glob(filepath.Join(directory, "*.json"))
	if err != nil {
		return err
	}
	if len(files) != 1 {
		return fmt.Errorf("%s: expected one checkpoint in it, there are %d", directory, len(files))
	}
	return damage(files[0])
}
