package simulator

import (
	"fmt"
	"strings"
)

// defaultAgent is the agent that a command means when it names none.
const defaultAgent = "agent"

// nameFlag lets an action name an agent.
func nameFlag(w *words) *string { return w.flags.String("name", defaultAgent, "") }

func agentCommand() command {
	return command{
		summary: "run the agent, and say what it does on its console",
		actions: map[string]action{
			"start": {"[-name NAME] [-config FILE] [-token TOKEN] [-proxy ADDRESS]",
				"Starts the agent with the token that the portal shows, after adding it there if need be, configured by FILE (agent.json). " +
					"-token gives it another token; the word previous means the one before the last regeneration.",
				parseAgentStart},
			"stop":    {"[-name NAME]", "Asks the agent to stop, as a service manager does, and waits until it has.", parseAgentStop},
			"kill":    {"[-name NAME]", "Ends the agent as kill -9 does: its connections break, and it saves nothing more.", parseAgentKill},
			"running": {"[-name NAME]", "Asserts that the agent runs.", parseAgentRunning},
			"exited":  {"STATUS [-name NAME]", "Asserts that the agent has ended by itself with the exit status.", parseAgentExited},
			"console": {"TEXT [-name NAME]", "Asserts that the agent has printed TEXT on its console.", parseAgentConsole},
		},
	}
}

func parseAgentStart(w *words) (step, error) {
	name := nameFlag(w)
	config := w.flags.String("config", "agent.json", "")
	var how AgentStart
	w.flags.StringVar(&how.Token, "token", "", "")
	w.flags.StringVar(&how.Proxy, "proxy", "", "")
	err := w.scan()
	return step{needs: *config, do: func(l *Lab) error {
		if err := l.ensureAgent(*name, *config); err != nil {
			return err
		}
		return l.StartAgent(*name, how)
	}}, err
}

func parseAgentStop(w *words) (step, error) {
	name := nameFlag(w)
	err := w.scan()
	return step{do: func(l *Lab) error { return l.StopAgent(*name) }}, err
}

func parseAgentKill(w *words) (step, error) {
	name := nameFlag(w)
	err := w.scan()
	return step{do: func(l *Lab) error { return l.KillAgent(*name) }}, err
}

func parseAgentRunning(w *words) (step, error) {
	name := nameFlag(w)
	err := w.scan()
	return step{assert: func(l *Lab) finding {
		run := l.lastRun(*name)
		return finding{run != nil && !run.ended(), run.String()}
	}}, err
}

func parseAgentExited(w *words) (step, error) {
	name := nameFlag(w)
	want, err := w.number("an exit status", 0)
	return step{assert: func(l *Lab) finding {
		run := l.lastRun(*name)
		return finding{run.ended() && run.exitStatus() == want, run.String()}
	}}, err
}

func parseAgentConsole(w *words) (step, error) {
	name := nameFlag(w)
	text, err := w.next("a text")
	return step{assert: func(l *Lab) finding {
		printed := l.lastRun(*name).printed()
		if printed == "" {
			return finding{false, "the agent has printed nothing"}
		}
		return finding{strings.Contains(printed, text), fmt.Sprintf("the agent has printed: %s", strings.TrimSpace(printed))}
	}}, err
}
