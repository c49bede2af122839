package live

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// open plays what comes first: the script, or the start of the agent. Then the
// clock goes.
func (s *Session) open(ctx context.Context) {
	err := s.playOpening(ctx)
	_ = s.send(ctx, s.asides, func() {
		s.opening, s.pace.Paused = "", s.options.Paused
		if err != nil {
			s.stop(err)
		}
		s.news.tell()
	})
	if s.options.Opened != nil {
		s.options.Opened(err)
	}
}

func (s *Session) playOpening(ctx context.Context) error {
	if s.options.Script == nil {
		_, err := s.Command(ctx, "agent start", false)
		return err
	}
	return s.playScript(ctx)
}

// playScript plays a script line by line, as if somebody clicked it, up to an
// assertion that doesn't hold.
func (s *Session) playScript(ctx context.Context) error {
	script := s.options.Script
	_, text, _ := strings.Cut(script.Text(), "\n") // the title
	head := true                                   // what stands under the title without a gap
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		switch head = head && isComment(line); {
		case head:
			if err := s.send(ctx, s.asides, func() { s.recorder.Head = append(s.recorder.Head, line) }); err != nil {
				return err
			}
			continue
		case line == "":
			continue
		}
		answer, err := s.Command(ctx, line, false)
		if err == nil && !answer.Holds {
			err = errors.New(answer.Found)
		}
		if err != nil {
			return fmt.Errorf("%s:%d: %s: %w", script.File, i+2, line, err)
		}
	}
	return nil
}
