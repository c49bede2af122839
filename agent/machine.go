package agent

import (
	"fmt"
	"log/slog"
	"time"

	"siemdrill/agent/console"
	"siemdrill/agent/internal/cas"
)

// Condition is what the agent as a whole is doing.
type Condition string

// The conditions.
const (
	Starting Condition = "starting" // no configuration yet, or no verdict yet on its receiver
	Pulling  Condition = "pulling"  // records are pulled and forwarded
	Held     Condition = "held"     // delivery has failed: nothing is pulled until it works again
	Stopped  Condition = "stopped"  // for good
)

// Numbers that the vendor is silent about, and that nobody should need to set.
const (
	healthyAfter = time.Minute     // a connection that stands so long with nothing in doubt is good
	contactApart = 5 * time.Second // two contacts are at least so far apart: what flaps faster is not reported
)

// Machine decides what the agent does. It does no I/O and reads no clock: it is
// told what happened and when, and answers with what is to be done. The zero
// value is not usable; see newMachine.
type Machine struct {
	settings Settings
	log      *slog.Logger
	backOff  backOff

	condition Condition
	effects   []Effect // of the step at hand
	now       time.Time

	version    string // of the configuration; empty until there is one
	udp        bool
	types      []cas.Type
	fetching   bool
	fetchFails int
	critical   []time.Time

	raised      notifications
	reported    notifications // as in the last contact
	contacting  bool
	lastContact time.Time
	over        bool // of a recovery agent: nothing is left to do,
	saidOver    bool // and the last contact said so

	linked    bool // a connection stands
	inDoubt   bool
	stalled   bool
	unproven  bool // closing has proved nothing, and nothing else has since
	linkFails int  // breaks and failed dials since delivery last worked
	patience  time.Duration
	pullBegan map[cas.Type]time.Time
}

func newMachine(settings Settings, seed uint64, log *slog.Logger) *Machine {
	settings = settings.WithDefaults()
	return &Machine{
		settings:  settings,
		log:       log,
		backOff:   newBackOff(time.Duration(settings.BackOffMax), seed),
		patience:  time.Duration(settings.PatienceFirst),
		pullBegan: map[cas.Type]time.Time{},
	}
}

// Step tells the Machine of one input at a time that is not before the last
// one, and returns what is to be done. After Finish nothing is.
func (m *Machine) Step(now time.Time, in Input) []Effect {
	if m.condition == Stopped {
		return nil
	}
	m.now, m.effects = now, nil
	switch in := in.(type) {
	case Started:
		m.becomeStarting("started")
		m.fetch()
	case StopWanted:
		m.becomeStopped(nil, "asked to stop")
	case BootstrapFailed:
		m.becomeStopped(&Error{BootstrapError, in.Cause}, in.Cause.Error())
	case Configured:
		m.configured(in)
	case ConfigurationFailed:
		m.configurationFailed(in.Failure)
	case ContactTaken:
		m.contactTaken(in)
	case ContactFailed:
		m.contacting = false
		m.consoleFailed(in.Failure)
	case Pulled:
		m.pulled(in)
	case PullFailed:
		m.pullAfter(in.Type, max(in.After, m.untilNextPull(in.Type)))
	case Saved:
		m.saved(in.Cause)
	case RecoveryOver:
		m.recoveryOver()
	case Expired:
		m.expired(in.Timer)
	default:
		m.receiver(in)
	}
	return m.effects
}

func (m *Machine) expired(t Timer) {
	switch t {
	case TimerFetch:
		m.fetch()
	case TimerContact:
		m.contact()
	case TimerRedial:
		m.do(Dial{})
	case TimerProbe:
		m.probe()
	case TimerHealthy:
		m.healthy()
	case TimerPullActivities:
		m.pull(cas.Activity)
	case TimerPullAlerts:
		m.pull(cas.Alert)
	default:
		panic(fmt.Sprintf("agent: no timer %q", t))
	}
}

func (m *Machine) do(e Effect) { m.effects = append(m.effects, e) }

func (m *Machine) becomeStarting(why string) {
	m.become(Starting, why, "", Pulling, Held)
}

func (m *Machine) becomePulling(why string) {
	m.become(Pulling, why, Starting, Held)
	for _, t := range m.types {
		m.pull(t)
	}
}

// becomeHeld is "the agent stops pulling new activities until it is fixed".
func (m *Machine) becomeHeld(why string) {
	m.become(Held, why, Starting, Pulling)
	m.stopPulling()
}

func (m *Machine) becomeStopped(err *Error, why string) {
	m.become(Stopped, why, Starting, Pulling, Held)
	m.stopPulling()
	m.do(Finish{err})
}

// become panics when the condition that it leaves is none of from: the program
// is wrong then, and going on would only hide it.
func (m *Machine) become(to Condition, why string, from ...Condition) {
	allowed := false
	for _, c := range from {
		allowed = allowed || m.condition == c
	}
	if !allowed {
		panic(fmt.Sprintf("agent: can't become %s when %s", to, m.condition))
	}
	m.condition = to
	m.log.Info("the agent is "+string(to), "why", why)
	m.do(Became{to, why})
}

// saved raises the vendor's "internal error" while the checkpoint can't be
// written: forwarding goes on, but a restart would send again from the last
// one that could.
func (m *Machine) saved(cause error) {
	if cause == nil {
		m.resolve(console.InternalError)
		return
	}
	m.raise(console.InternalError, fmt.Errorf("the checkpoint can't be saved: %w", cause))
}

func (m *Machine) raise(id console.NotificationID, cause error) {
	n := notification(id, m.now, cause)
	if !m.raised.raise(n) {
		return
	}
	m.log.Warn("notification raised", "id", id, "detail", n.Detail)
	m.do(Raised{n})
	m.report()
}

func (m *Machine) resolve(ids ...console.NotificationID) {
	changed := false
	for _, id := range ids {
		if m.raised.resolve(id) {
			changed = true
			m.log.Info("notification resolved", "id", id)
			m.do(Resolved{id})
		}
	}
	if changed {
		m.report()
	}
}
