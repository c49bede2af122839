package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"siemdrill/simulator"
)

// The elements of JUnit's XML that its readers agree on.
type (
	junitSuites struct {
		XMLName xml.Name   `xml:"testsuites"`
		Suite   junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Time     string      `xml:"time,attr"` // seconds of wall time
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		ClassName  string          `xml:"classname,attr"`
		Name       string          `xml:"name,attr"`
		File       string          `xml:"file,attr"`
		Time       string          `xml:"time,attr"`
		Properties []junitProperty `xml:"properties>property"`
		Failure    *junitOutcome   `xml:"failure"`
		Skipped    *junitOutcome   `xml:"skipped"`
		Out        string          `xml:"system-out"`
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	junitOutcome struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// writeJUnit writes the runs as one suite. Times are wall time, in seconds.
func writeJUnit(w io.Writer, runs []simulator.Run) error {
	suite := junitSuite{Name: "siemdrill"}
	var wall float64
	for _, run := range runs {
		suite.add(run)
		wall += run.Result.WallS
	}
	suite.Time = junitSeconds(wall)
	text, err := xml.MarshalIndent(junitSuites{Suite: suite}, "", "  ")
	if err != nil {
		return fmt.Errorf("junit.xml: %w", err)
	}
	_, err = fmt.Fprintf(w, "%s%s\n", xml.Header, text)
	return err
}

func (s *junitSuite) add(run simulator.Run) {
	r := run.Result
	c := junitCase{
		ClassName: "scenarios",
		Name:      r.ID,
		File:      run.Script.File,
		Time:      junitSeconds(r.WallS),
		Properties: []junitProperty{
			{"title", r.Title},
			{"runner", r.Runner},
			{"seed", fmt.Sprint(r.Seed)},
			{"virtual_s", junitSeconds(r.VirtualS)},
		},
		Out: run.Repeat(),
	}
	s.Tests++
	switch r.Verdict {
	case simulator.Failed:
		s.Failures++
		c.Failure = &junitOutcome{headline(r.Reason), r.Reason}
	case simulator.Skipped:
		s.Skipped++
		c.Skipped = &junitOutcome{headline(r.Reason), ""}
	}
	s.Cases = append(s.Cases, c)
}

// headline is what a reason says was wanted, or else its first line.
func headline(reason string) string {
	for line := range strings.Lines(reason) {
		if wanted, ok := strings.CutPrefix(strings.TrimSpace(line), "wanted:"); ok {
			return strings.TrimSpace(wanted)
		}
	}
	first, _, _ := strings.Cut(strings.TrimSpace(reason), "\n")
	return first
}

func junitSeconds(s float64) string { return fmt.Sprintf("%.3f", s) }
