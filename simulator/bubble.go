package simulator

import (
	"errors"
	"os"
	"testing"
	"testing/synctest"
)

// This is the only file that knows testing/synctest, and the only one that
// makes a bubble out of an ordinary binary.

// Bubble runs f in a testing/synctest bubble of t: time stands still while
// anything in it works, and jumps when everything in it waits. It returns when
// f has and when every goroutine that f started has ended; one that is left
// behind is a panic.
//
// Start everything inside. Nothing made outside may be waited on inside: no
// context, no channel, no socket.
func Bubble(t *testing.T, f func()) {
	synctest.Test(t, func(*testing.T) { f() })
}

// settle waits until every other goroutine of the bubble waits for something.
func settle() { synctest.Wait() }

// Main runs f with a *testing.T, as an ordinary binary needs it for Bubble, and
// exits with the status that f returns. It doesn't return.
//
// testing.Main is documented as internal to "go test": should it go, this
// function is what has to find another way to a *testing.T. f reads the
// command line before: testing must find no arguments of its own.
func Main(f func(t *testing.T) (status int)) {
	os.Args = os.Args[:1]
	all := func(string, string) (bool, error) { return true, nil }
	run := func(t *testing.T) { os.Exit(f(t)) }
	testing.Main(all, []testing.InternalTest{{Name: "siemdrill", F: run}}, nil, nil)
	panic(errors.New("testing.Main returned without running f"))
}
