package fakesyslog

import "fmt"

// Deviation is one place where a line is not as documented.
type Deviation struct {
	Offset int    // bytes from the start of the line
	What   string // what was found, and what was expected
}

func (d Deviation) String() string { return fmt.Sprintf("at byte %d: %s", d.Offset, d.What) }
