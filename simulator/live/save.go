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
			comment += fmt.Sprintf(". That one plays it by simulator run -agent '%s'", strings.Join(s.options.Agent, " "))
		}
		end.Comments = append([]string{comment}, end.Comments...)
	}
	return s.recorder.Script(title, end, s.lab.Files())
}
