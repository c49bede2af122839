package simulator

import (
	"siemdrill/agent/console"
	"siemdrill/fakecas"
	"siemdrill/fakesyslog"
)

// service is the Lab's fake service, wherever it runs.
type service interface {
	addRecords(t fakecas.Type, n int, spread fakecas.Spread) error
	importRecords(file []byte, recent bool) error
	removeAdmin() error
	restoreAdmin() error
	addAgent(c console.Configuration) (id, token string, err error)
	editAgent(id string, to console.Configuration) error
	regenerateToken(id string) (string, error)
	deleteAgent(id string) error
	view(id string) fakecas.AgentView // zero if there is none
	ledger() []Entry
	authority() []byte // PEM: who signs its certificate
	inject(f fault) error
	faulty
}

// receiver is the Lab's fake syslog server, wherever it runs.
type receiver interface {
	arrivals() []fakesyslog.Entry
	lines() []string // the last ones, raw
	restart(receiverKind) error
	inject(f fault) error
	faulty
}

// ownService is a service in this process.
type ownService struct{ *fakecas.Server }

func (s ownService) addRecords(t fakecas.Type, n int, spread fakecas.Spread) error {
	s.Tenant().AddRecords(t, n, spread)
	return nil
}

func (s ownService) importRecords(file []byte, recent bool) error {
	_, err := s.Tenant().Import(file, recent)
	return err
}

func (s ownService) removeAdmin() error {
	s.Tenant().RemoveAdmin(fakecas.Admin)
	return nil
}

func (s ownService) restoreAdmin() error {
	s.Tenant().RestoreAdmin(fakecas.Admin)
	return nil
}

func (s ownService) addAgent(c console.Configuration) (id, token string, err error) {
	a, err := s.Tenant().AddAgent(c)
	return a.ID, a.Token, err
}

func (s ownService) editAgent(id string, to console.Configuration) error {
	return s.Tenant().EditAgent(id, func(c *console.Configuration) {
		to.Agent, to.Name, to.Tenant = c.Agent, c.Name, c.Tenant
		*c = to
	})
}

func (s ownService) regenerateToken(id string) (string, error) {
	return s.Tenant().RegenerateToken(id)
}

func (s ownService) deleteAgent(id string) error { return s.Tenant().DeleteAgent(id) }

func (s ownService) view(id string) fakecas.AgentView {
	v, _ := s.Tenant().Agent(id)
	return v
}

func (s ownService) ledger() []Entry {
	var all []Entry
	for r := range s.Tenant().Ledger() {
		all = append(all, Entry{ID: r.ID, Type: string(r.Type), Created: r.Created})
	}
	return all
}

func (s ownService) authority() []byte { return s.CAPEM() }

func (s ownService) inject(f fault) error {
	_, err := s.Inject(fakecas.Fault(f))
	return err
}

// ownReceiver is the Lab's receiver, in this process.
type ownReceiver struct{ lab *Lab }

func (r ownReceiver) arrivals() []fakesyslog.Entry    { return r.lab.Syslog.Arrivals() }
func (r ownReceiver) lines() []string                 { return r.lab.Syslog.Lines() }
func (r ownReceiver) restart(kind receiverKind) error { return r.lab.restartReceiver(kind) }
func (r ownReceiver) Heal(idOrName string) error      { return r.lab.Syslog.Heal(idOrName) }
func (r ownReceiver) HealAll()                        { r.lab.Syslog.HealAll() }

func (r ownReceiver) inject(f fault) error {
	_, err := r.lab.Syslog.Inject(fakesyslog.Fault(f))
	return err
}
