package simulator

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
)

// AgentBinary is the agent's command as a file: the one beside this program, or
// else one that is built from the sources here, once a process. RemoveBinary
// removes that.
var AgentBinary = sync.OnceValues(func() (string, error) {
	const name = "siem-agent"
	if self, err := os.Executable(); err == nil {
		beside := filepath.Join(filepath.Dir(self), name)
		if info, err := os.Stat(beside); err == nil && info.Mode().IsRegular() {
			return beside, nil
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
