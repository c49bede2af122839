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

// DamageCheckpoint does something to the checkpoint of an agent that is not
// running.
func (l *Lab) DamageCheckpoint(name, damage string) error {
	if run := l.lastRun(name); run == nil || !run.ended() {
		return fmt.Errorf("the agent %q has to be started and stopped first", name)
	}
	files, err := filepath.Glob(filepath.Join(l.CheckpointDirectory(name), "*.json"))
	if err != nil {
		return err
	}
	if len(files) != 1 {
		return fmt.Errorf("expected one checkpoint of %q, there are %d", name, len(files))
	}
	return checkpointDamages[damage](files[0])
}

// moveCheckpoints takes the folder of an agent's checkpoint away, or brings it
// back.
func (l *Lab) moveCheckpoints(name string, away bool) error {
	from := l.CheckpointDirectory(name)
	to := from + ".gone"
	if !away {
		from, to = to, from
	}
	return os.Rename(from, to)
}
