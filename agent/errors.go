package agent

import "fmt"

// Code names one of the errors that the agent prints when it can't start or
// can't go on. The names, the English texts and the remedies are the vendor's.
type Code string

// The documented console errors.
const (
	// BootstrapError is an unexpected error while starting.
	BootstrapError Code = "bootstrap-error"
	// TooManyCriticalErrors ends an agent whose console answers can't be
	// mended by trying again.
	TooManyCriticalErrors Code = "too-many-critical-errors"
	// InvalidToken is a token of the wrong shape, or one that the service
	// refuses at start.
	InvalidToken Code = "invalid-token"
	// InvalidProxyAddress is a proxy address of the wrong shape, or one behind
	// which no usable proxy is found at start.
	InvalidProxyAddress Code = "invalid-proxy-address"
)

// documented is what the vendor says of each code, and the exit status that
// this project gives it: 1 and 2 are left to what is not documented (a fault
// of the program, a wrong call).
var documented = map[Code]struct {
	message, remedy string
	exitStatus      int
}{
	BootstrapError:        {"General error during bootstrap", "contact support", 3},
	TooManyCriticalErrors: {"Too many critical errors", "contact support", 4},
	InvalidToken:          {"Invalid token", "check that the right token was copied, or regenerate it in the portal", 5},
	InvalidProxyAddress:   {"Invalid proxy address", "check the proxy's address and port", 6},
}

// Error is why an agent ended on its own.
type Error struct {
	Code  Code
	Cause error // never nil; one line; without the token
}

// Error returns the documented text and the cause, on one line.
func (e *Error) Error() string { return fmt.Sprintf("%s: %v", e.Message(), e.Cause) }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Message returns the documented text, in English.
func (e *Error) Message() string { return documented[e.Code].message }

// Remedy returns what is documented to do about it.
func (e *Error) Remedy() string { return documented[e.Code].remedy }

// ExitStatus returns the status of a process that ends with e:
// bootstrap-error 3, too-many-critical-errors 4, invalid-token 5,
// invalid-proxy-address 6.
func (e *Error) ExitStatus() int { return documented[e.Code].exitStatus }
