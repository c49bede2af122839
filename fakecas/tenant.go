package fakecas

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"time"

	"siemdrill/agent/console"
)

// Tenant is the customer's side of the service: its agents, its records and
// what it knows of both. All methods may be called from any goroutine.
type Tenant struct {
	settings Settings
	clock    Clock
	feed     *feed
	base     func() (string, error) // the URL that tokens carry

	mu                 sync.RWMutex
	random             *randomness
	agents             []*agent          // in order of creation
	keys               map[string]*key   // by token
	gone               map[string]string // tokens of deleted agents, and whose they were
	removed            map[string]bool   // admins
	activities, alerts table
	flows              []*flow
	closed             bool
}

// key is what a token opens.
type key struct {
	agent *agent // nil: a token of the API only
	owner string
}

var errNoAgent = errors.New("no such agent")

// AddAgent adds an agent with that configuration, whose absent fields must
// have been filled in (console.DefaultConfiguration), and returns it with its
// id, tenant, version and token. The error says which field is wrong.
func (t *Tenant) AddAgent(c console.Configuration) (Agent, error) {
	return t.AddAgentFor(Admin, c)
}

// AddAgentFor is AddAgent by another admin, whose removal ends the token.
func (t *Tenant) AddAgentFor(owner string, c console.Configuration) (Agent, error) {
	sendsActivitiesOnly(&c)
	if err := validateConfiguration(c); err != nil {
		return Agent{}, err
	}
	base, err := t.base()
	if err != nil {
		return Agent{}, err
	}
	defer t.feed.deliver()
	t.mu.Lock()
	defer t.mu.Unlock()
	a := &agent{id: t.newID(), createdBy: owner, tokenOwner: owner, configuration: c}
	a.configuration.Agent = a.id
	a.configuration.Tenant = t.settings.Tenant
	a.revise()
	t.giveToken(a, base)
	t.agents = append(t.agents, a)
	t.note(KindAgentAdded, a, c.Name)
	return Agent{ID: a.id, Token: a.token, Configuration: a.configuration}, nil
}

// Admin is who does what is done through this package without naming another.
const Admin = "admin@contoso.com"

// EditAgent changes the configuration of an agent, which takes effect at the
// agent's next contact. An edit that leaves an impossible configuration
// changes nothing and is an error; id and tenant stay as they are; one that changes
// nothing makes no new version.
func (t *Tenant) EditAgent(id string, edit func(*console.Configuration)) error {
	defer t.feed.deliver()
	t.mu.Lock()
	defer t.mu.Unlock()
	a := t.agent(id)
	if a == nil {
		return fmt.Errorf("agent %q: %w", id, errNoAgent)
	}
	c := detached(a.configuration)
	edit(&c)
	c.Agent, c.Tenant = a.id, t.settings.Tenant
	sendsActivitiesOnly(&c)
	if err := validateConfiguration(c); err != nil {
		return err
	}
	if reflect.DeepEqual(c, a.configuration) {
		return nil
	}
	a.configuration = c
	a.revise()
	t.arm(a, t.clock.Now())
	t.note(KindAgentEdited, a, "version "+a.configuration.Version)
	return nil
}

// detached returns c without memory in common with it: snapshots of the old
// configuration stay as they are.
func detached(c console.Configuration) console.Configuration {
	if c.Recovery != nil {
		r := *c.Recovery
		c.Recovery = &r
	}
	c.Alerts.Filters = slices.Clone(c.Alerts.Filters)
	c.Activities.Filters = slices.Clone(c.Activities.Filters)
	return c
}

// sendsActivitiesOnly is what the vendor documents of a recovery agent.
func sendsActivitiesOnly(c *console.Configuration) {
	if c.Recovery != nil {
		c.Alerts = console.DataType{}
	}
}

// RegenerateToken gives an agent a new token; the old one stops working.
func (t *Tenant) RegenerateToken(id string) (string, error) {
	return t.regenerateTokenFor(Admin, id)
}

// regenerateTokenFor is RegenerateToken by another admin, to whom the token is
// bound from then on.
func (t *Tenant) regenerateTokenFor(owner, id string) (string, error) {
	base, err := t.base()
	if err != nil {
		return "", err
	}
	defer t.feed.deliver()
	t.mu.Lock()
	defer t.mu.Unlock()
	a := t.agent(id)
	if a == nil {
		return "", fmt.Errorf("agent %q: %w", id, errNoAgent)
	}
	delete(t.keys, a.token)
	a.tokenOwner = owner
	t.giveToken(a, base)
	t.note(KindTokenRegenerated, a, "")
	return a.token, nil
}

// DeleteAgent removes an agent from the portal. Its token is answered with
// 410 from then on.
func (t *Tenant) DeleteAgent(id string) error {
	defer t.feed.deliver()
	t.mu.Lock()
	defer t.mu.Unlock()
	a := t.agent(id)
	if a == nil {
		return fmt.Errorf("agent %q: %w", id, errNoAgent)
	}
	a.disarm()
	t.agents = slices.DeleteFunc(t.agents, func(b *agent) bool { return a == b })
	delete(t.keys, a.token)
	t.gone[a.token] = a.id
	t.note(KindAgentDeleted, a, a.configuration.Name)
	return nil
}

// Agents returns what the portal's table shows now, in order of creation.
func (t *Tenant) Agents() []AgentView {
	t.mu.RLock()
	defer t.mu.RUnlock()
	now := t.clock.Now()
	views := make([]AgentView, len(t.agents))
	for i, a := range t.agents {
		views[i] = a.view(now)
	}
	return views
}

// Agent returns what the portal shows now of one agent, given by id or name.
func (t *Tenant) Agent(id string) (AgentView, bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	a := t.agent(id)
	if a == nil {
		return AgentView{}, false
	}
	return a.view(t.clock.Now()), true
}

// LastContact returns when the agent was last answered with 200; zero: never.
func (t *Tenant) LastContact(id string) time.Time {
	v, _ := t.Agent(id)
	return v.LastContact
}

// agent finds an agent by id, or else by name.
func (t *Tenant) agent(id string) *agent {
	byName := func(a *agent) bool { return a.configuration.Name == id }
	i := slices.IndexFunc(t.agents, func(a *agent) bool { return a.id == id })
	if i < 0 {
		i = slices.IndexFunc(t.agents, byName)
	}
	if i < 0 {
		return nil
	}
	return t.agents[i]
}

// newID makes the id of an agent: 24 hex digits.
func (t *Tenant) newID() string {
	var b [12]byte
	t.random.Read(b[:])
	return fmt.Sprintf("%x", b)
}

func (t *Tenant) giveToken(a *agent, base string) {
	var secret [32]byte
	t.random.Read(secret[:])
	a.token = console.NewToken(base, secret)
	t.keys[a.token] = &key{agent: a, owner: a.tokenOwner}
}

// note records an Event about an agent, which may be nil.
func (t *Tenant) note(kind string, a *agent, detail string) {
	e := Event{Time: t.clock.Now(), Kind: kind, Detail: detail}
	if a != nil {
		e.Agent = a.id
	}
	t.feed.note(e)
}

// close stops the tenant's timers for good.
func (t *Tenant) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
	for _, a := range t.agents {
		a.disarm()
	}
	for _, f := range t.flows {
		f.end()
	}
}
