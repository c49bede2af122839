package fakecas

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"siemdrill/agent/console"
)

// Agent is an agent as it was added: the one time that its token is shown.
type Agent struct {
	ID            string
	Token         string
	Configuration console.Configuration
}

// AgentView is what the portal shows of an agent at one instant.
type AgentView struct {
	ID            string
	Token         string // as last made; the real portal shows it once
	Kind          string // "Generic SIEM", "ArcSight" or "Recovery"
	CreatedBy     string
	TokenOwner    string
	Configuration console.Configuration
	Status        Status
	LastContact   time.Time // zero: never
	Machine       string    // as the agent last said
	Version       string    // of the agent, as it last said
	Notifications []Notification
}

// agent is an agent in the tenant; the tenant's lock guards it.
type agent struct {
	id            string
	token         string
	createdBy     string
	tokenOwner    string
	configuration console.Configuration
	revision      int
	firstContact  time.Time
	lastContact   time.Time
	machine       string
	version       string
	shown         Status // the status last told
	notifications []Notification
	stopTimer     func() bool // of the next change of status; nil: none armed
}

func (a *agent) view(now time.Time) AgentView {
	return AgentView{
		ID:            a.id,
		Token:         a.token,
		Kind:          a.kind(),
		CreatedBy:     a.createdBy,
		TokenOwner:    a.tokenOwner,
		Configuration: a.configuration,
		Status:        StatusAt(a.lastContact, now),
		LastContact:   a.lastContact,
		Machine:       a.machine,
		Version:       a.version,
		Notifications: append([]Notification(nil), a.notifications...),
	}
}

// kind is the portal's column "Type".
func (a *agent) kind() string {
	switch {
	case a.configuration.Recovery != nil:
		return "Recovery"
	case a.configuration.Format == console.ArcSight:
		return "ArcSight"
	default:
		return "Generic SIEM"
	}
}

// revise gives the configuration its next version.
func (a *agent) revise() {
	a.revision++
	a.configuration.Version = strconv.Itoa(a.revision)
}

// open returns the notification of that kind whose cause lasts, or nil.
func (a *agent) open(id console.NotificationID) *Notification {
	for i := range a.notifications {
		if n := &a.notifications[i]; n.ID == id && n.Open() {
			return n
		}
	}
	return nil
}

// forgetNotification forgets the one that was resolved first, if any was.
func (a *agent) forgetNotification() {
	oldest := -1
	for i, n := range a.notifications {
		if !n.Open() && (oldest < 0 || n.Resolved.Before(a.notifications[oldest].Resolved)) {
			oldest = i
		}
	}
	if oldest >= 0 {
		a.notifications = slices.Delete(a.notifications, oldest, oldest+1)
	}
}

// validateConfiguration asks for what an agent of the portal must have.
func validateConfiguration(c console.Configuration) error {
	if err := c.Validate(); err != nil {
		return err
	}
	if c.Name == "" {
		return fmt.Errorf("name: expected a name")
	}
	if c.Remote.Host == "" {
		return fmt.Errorf("remote.host: expected the syslog server's name or address")
	}
	if c.Remote.Port == 0 {
		return fmt.Errorf("remote.port: 0: expected 1 to 65535")
	}
	if _, err := compile(Activity, c.Activities.Filters, unixEpoch); err != nil {
		return fmt.Errorf("%s: %w", Activity, err)
	}
	if _, err := compile(Alert, c.Alerts.Filters, unixEpoch); err != nil {
		return fmt.Errorf("%s: %w", Alert, err)
	}
	return nil
}
