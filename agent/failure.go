package agent

// Failure is why a request to the console failed.
type Failure struct {
	Kind  FailureKind
	Cause error
}

// FailureKind is what follows from a Failure.
type FailureKind int

const (
	// Unreachable: no answer, or one that may be better next time. It is tried
	// again for ever: else an agent could not come back after an outage.
	Unreachable FailureKind = iota
	// Critical: an answer that no retry is expected to mend.
	Critical
	// Unauthorized: the token is not valid; at start that is the end, later it
	// is Critical.
	Unauthorized
	// Deleted: the agent was deleted in the portal.
	Deleted
	// BadProxy: no usable proxy behind the address; at start that is the end,
	// later it is Unreachable.
	BadProxy
)
