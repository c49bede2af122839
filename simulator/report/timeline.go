package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"siemdrill/simulator"
)

// WriteTimeline writes, as JSON, what a time line draws of a run that may still
// go on: the TimeLine of TimelineProgram takes it, once prepare was called on it.
func WriteTimeline(w io.Writer, run simulator.Run) error {
	d := newDrawing(run)
	if d.Lanes == nil {
		d.Lanes = []lane{}
	}
	if err := json.NewEncoder(w).Encode(d); err != nil {
		return fmt.Errorf("a time line: %w", err)
	}
	return nil
}

// TimelineProgram is the part of the page's program that draws a time line:
// element, prepare and the class TimeLine, for another program to follow.
func TimelineProgram() (string, error) {
	return parts("page_data.js", "page_timeline.js", "page_gestures.js")
}

// Style is the page's.
func Style() (string, error) { return parts("page.css") }

func parts(names ...string) (string, error) {
	var b strings.Builder
	for _, name := range names {
		part, err := assets.ReadFile(name)
		if err != nil {
			return "", err
		}
		b.Write(part)
	}
	return b.String(), nil
}
