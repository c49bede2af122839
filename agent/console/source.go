package console

import "context"

// Source is where an agent has its configuration from, and where it says that
// it is alive: the portal (Client) or, where there is none to ask, a file
// (File). Its methods may be called at the same time.
type Source interface {
	// Configuration returns the configuration as it is now. It is whole: with
	// a version, an agent's id and a receiver.
	Configuration(ctx context.Context) (Configuration, error)
	// Contact reports, and returns the version of the configuration as it is
	// now; when that has changed the agent fetches it.
	Contact(ctx context.Context, contact Contact) (ContactAnswer, error)
}
