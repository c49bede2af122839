package agent

import (
	"math/rand/v2"
	"time"
)

// backOff gives the waits between attempts: doubling from a second to most,
// each drawn from the upper half of its range, so that agents that lost the
// same peer at the same moment don't return to it at the same moment.
type backOff struct {
	most   time.Duration
	random *rand.Rand
}

func newBackOff(most time.Duration, seed uint64) backOff {
	return backOff{most: most, random: rand.New(rand.NewPCG(seed, 0))}
}

// wait is the wait after so many failures in a row; there is none before the
// first.
func (b backOff) wait(failures int) time.Duration {
	if failures == 0 {
		return 0
	}
	d := min(time.Second<<min(failures-1, 20), b.most)
	return d - time.Duration(b.random.Int64N(int64(d)/2+1))
}
