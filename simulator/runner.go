package simulator

import (
	"testing"
	"time"
)

// RunInBubble plays the script in a bubble of its own and times it.
func RunInBubble(t *testing.T, s *Script, o Options) (Result, error) {
	var r Result
	var err error
	began := time.Now()
	Bubble(t, func() { r, err = s.Play(o) })
	r.WallS = time.Since(began).Seconds()
	if o.Run != nil {
		o.Run.Result = r
	}
	return r, err
}
