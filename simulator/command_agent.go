package simulator

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// defaultAgent is the agent that a command means when it names none.
const defaultAgent = "agent"

// nameFlag lets an action name an agent.
func nameFlag(w *words) *string { return w.flags.String("name", defaultAgent, "") }

func agentCommand() command {
	return command{
		summary: "run the agent, and say what it does on its console",
		actions: map[string]action{
			"start": {"[-name NAME] [-config FILE] [-token TOKEN] [-proxy ADDRESS] [-ahead DURATION] [-behind DURATION]",
				"Starts the agent with the token that the portal shows, after adding it there if need be, configured by FILE (agent.json). " +
					"-token gives it another token; the word previous means the one before the last regeneration. -ahead and -behind set its clock wrong.",
				parseAgentStart},
			"stop": {"[-name NAME]", "Asks the agent to stop, as a service manager does, and waits until it has.", parseAgentStop},
			"kill": {"[-name NAME]", "Ends the agent as kill -9 does: its connections break, and it saves nothing more.", parseAgentKill},
			"pause": {"[-name NAME]", "Stops the agent's process without ending it: its connections stand, and it does nothing.",
				parsePause((*Lab).PauseAgent)},
			"resume": {"[-name NAME]", "Lets it go on.", parsePause((*Lab).ResumeAgent)},
			"checkpoint": {"DAMAGE [-name NAME]", "Does something to the file that holds the agent's place, while it is stopped: " + list(damages()) + ".",
				parseCheckpoint},
			"checkpoint-directory": {"gone|back [-name NAME]", "Takes away the folder of the agent's checkpoint, as a full or broken disk does, or brings it back.",
				parseCheckpointDirectory},
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
	var ahead, behind durationFlag
	w.flags.StringVar(&how.Token, "token", "", "")
	w.flags.StringVar(&how.Proxy, "proxy", "", "")
	w.flags.Var(&ahead, "ahead", "")
	w.flags.Var(&behind, "behind", "")
	err := w.scan()
	how.ClockAhead = time.Duration(ahead - behind)
	var uses feature
	switch {
	case how.ClockAhead != 0:
		uses = featureWrongClock
	case how.Proxy != "":
		uses = featureProxy
	}
	return step{uses: uses, needs: *config, reads: readsConfiguration, do: func(l *Lab) error {
		if err := l.ensureAgent(*name, *config); err != nil {
			return err
		}
		return l.StartAgent(*name, how)
	}}, err
}

func readsConfiguration(name string, data []byte) error {
	_, _, err := parseConfiguration(name, data)
	return err
}

func parseCheckpoint(w *words) (step, error) {
	name := nameFlag(w)
	word, err := w.next("what happens to it: " + list(damages()))
	if err == nil && checkpointDamages[word] == nil {
		err = fmt.Errorf("unknown damage %q: expected one of: %s", word, list(damages()))
	}
	return step{uses: featureCheckpoint, do: func(l *Lab) error { return l.DamageCheckpoint(*name, word) }}, err
}

func parseCheckpointDirectory(w *words) (step, error) {
	name := nameFlag(w)
	word, err := w.next("gone or back")
	if err == nil && word != "gone" && word != "back" {
		err = fmt.Errorf("%q: expected gone or back", word)
	}
	return step{uses: featureCheckpoint, do: func(l *Lab) error { return l.moveCheckpoints(*name, word == "gone") }}, err
}

func damages() []string { return slices.Sorted(maps.Keys(checkpointDamages)) }

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

func parsePause(do func(l *Lab, name string) error) func(*words) (step, error) {
	return func(w *words) (step, error) {
		name := nameFlag(w)
		err := w.scan()
		return step{do: func(l *Lab) error { return do(l, *name) }}, err
	}
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
