package load

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"siemdrill/simulator/peer"
)

// Agent is what a run tests. The zero value is the project's own agent, in this
// process.
type Agent struct {
	text    string
	binary  string        // of the project's own agent
	command []string      // of a foreign one
	plain   *peer.Program // a forwarder that knows of no service: it is fed
}

// ParseAgent reads what is to be tested: "process" (the agent, in this process),
// "siem-agent" (its command, which build makes or finds) or a path to one,
// "rsyslog" or "syslog-ng", perhaps with a configuration as in rsyslog:tuned, or
// a foreign agent's command with {token}, {service} and so on in it. Of an error
// Missing says whether a forwarder isn't installed.
func ParseAgent(text string, build func() (string, error)) (Agent, error) {
	a := Agent{text: text}
	words := strings.Fields(text)
	if len(words) == 0 {
		return a, errors.New("expected process, siem-agent, rsyslog[:VARIANT], syslog-ng[:VARIANT] or a command")
	}
	var err error
	if name, variant, plain := peer.Named(text); plain {
		if a.plain, err = peer.Find(name, variant); err != nil {
			return a, fmt.Errorf("%q: %w", text, err)
		}
		return a, nil
	}
	switch {
	case text == "process":
		return Agent{}, nil
	case text == ownName:
		a.binary, err = build()
	case len(words) == 1 && filepath.Base(text) == ownName:
		a.binary = text
		_, err = os.Stat(text)
	default:
		a.command = words
		if _, wrong := exec.LookPath(words[0]); wrong != nil {
			err = fmt.Errorf("expected process, siem-agent, rsyslog[:VARIANT], syslog-ng[:VARIANT] or a command that is there: %w", wrong)
		}
	}
	if err != nil {
		return a, fmt.Errorf("%q: %w", text, err)
	}
	return a, nil
}

// ownName is the file name of the project's own agent's command.
const ownName = "siem-agent"

// Missing says whether an error is that a forwarder isn't installed here.
func Missing(err error) bool {
	_, missing := errors.AsType[*peer.Missing](err)
	return missing
}

func (a Agent) String() string {
	switch {
	case a.plain != nil:
		return a.plain.String()
	case a.text == "":
		return "process"
	}
	return a.text
}

// ours says whether it is the project's own agent, which takes its settings.
func (a Agent) ours() bool { return a.plain == nil && a.command == nil }
