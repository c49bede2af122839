package live

import (
	"context"
	"fmt"
	"strings"

	"siemdrill/simulator"
)

// DefaultTitle is that of a script that was given none.
const DefaultTitle = "Played live"

// Script is what was played so far, as a file; with truths, the assertions that
// hold now come last, so that a replay has something to say.
func (s *Session) Script(ctx context.Context, title string, truths bool) ([]byte, error) {
	if title = oneLine(title); title == "" {
		title = DefaultTitle
		if s.options.Script != nil {
			title = s.options.Script.Title
		}
	}
	var text []byte
	err := s.send(ctx, s.asides, func() { text = s.script(title, truths) })
	return text, err
}

func (s *Session) script(title string, truths bool) []byte {
	var end Ending
	if truths {
		end.Comments = []string{fmt.Sprintf("It was saved here, at %s: this was true", s.lab.Now().Format("15:04:05"))}
		end.Truths = s.lab.Truths()
	}
	if verdict, why := s.verdict(s.lab.Seen().Evidence); verdict == simulator.Failed {
		end.Comments = append([]string{"Live it failed: " + why}, end.Comments...)
	}
	if !s.lab.Stepped() {
		comment := "It was played with an agent that could not be told the time: ours may do things at other moments"
		if s.options.Agent != nil {
			comment += ". That one plays it by simulator run " + s.player()
		}
		end.Comments = append([]string{comment}, end.Comments...)
	}
	text := s.recorder.Script(title, end, s.lab.Files())
	parsed, err := simulator.ParseScript("live.txtar", text)
	if err != nil {
		return text // that it is right was seen line by line; a reader will be told
	}
	if why := simulator.InBubble.Lacks(parsed); why != "" {
		end.Comments = append([]string{"The bubble can't play it (" + why + "): simulator run " + s.player() + " can"}, end.Comments...)
		text = s.recorder.Script(title, end, s.lab.Files())
	}
	return text
}

// player is how "simulator run" plays again what was played here.
func (s *Session) player() string {
	if s.options.Agent != nil {
		return fmt.Sprintf("-agent '%s'", strings.Join(s.options.Agent, " "))
	}
	return "-runner process"
}
