package checkpoint

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// The folder's name below the place that the operating system has for it.
const folder = "siem-agent"

// DefaultDirectory is where checkpoints are kept unless a setting says
// otherwise. A service gets a place of the machine, a user one of the user:
//
//   - $STATE_DIRECTORY, which systemd sets for StateDirectory=, anywhere
//   - Windows: %ProgramData%\siem-agent
//   - macOS: /Library/Application Support/siem-agent for root, else
//     ~/Library/Application Support/siem-agent
//   - others: /var/lib/siem-agent for root, else $XDG_STATE_HOME/siem-agent,
//     by default ~/.local/state/siem-agent
func DefaultDirectory() (string, error) {
	return defaultDirectory(runtime.GOOS, os.Geteuid() == 0, os.Getenv)
}

func defaultDirectory(system string, root bool, getenv func(string) string) (string, error) {
	if d := getenv("STATE_DIRECTORY"); d != "" {
		return filepath.SplitList(d)[0], nil
	}
	under := func(variable string, path ...string) (string, error) {
		base := getenv(variable)
		if base == "" {
			return "", fmt.Errorf("no default checkpoint directory: %s is not set; set checkpointDirectory", variable)
		}
		return filepath.Join(append([]string{base}, append(path, folder)...)...), nil
	}
	switch {
	case system == "windows":
		return under("ProgramData")
	case system == "darwin" && root:
		return "/Library/Application Support/" + folder, nil
	case system == "darwin":
		return under("HOME", "Library", "Application Support")
	case root:
		return "/var/lib/" + folder, nil
	case getenv("XDG_STATE_HOME") != "":
		return under("XDG_STATE_HOME")
	}
	return under("HOME", ".local", "state")
}
