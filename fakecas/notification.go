package fakecas

import (
	"time"

	"siemdrill/agent/console"
)

// The notifications that the service itself raises about an agent. Both are
// system alerts, so each is also an alert record of the tenant.
const (
	SIEMAgentError             console.NotificationID = "siem-agent-error"
	SIEMAgentNotificationError console.NotificationID = "siem-agent-notification-error"
)

// Text is a text of the portal in its two languages.
type Text struct{ English, Dutch string }

// NotificationKind is one of the five agent notifications that the vendor
// documents; the Dutch of meaning and remedy is ours.
type NotificationKind struct {
	ID      console.NotificationID
	Name    Text
	Meaning Text
	Remedy  Text
	System  bool // raised by the service, not reported by the agent
}

// Notification is a notification of one agent. Resolved is zero while its
// cause lasts.
type Notification struct {
	ID       console.NotificationID
	Since    time.Time // when the cause began, as its reporter says
	Raised   time.Time // when the portal learnt of it
	Resolved time.Time
	Detail   string
}

// Open reports whether the cause lasts.
func (n Notification) Open() bool { return n.Resolved.IsZero() }

// NotificationKinds returns the five, in the vendor's order.
func NotificationKinds() []NotificationKind { return notificationKinds }

// KindOf returns the kind of a notification.
func KindOf(id console.NotificationID) (NotificationKind, bool) {
	for _, k := range notificationKinds {
		if k.ID == id {
			return k, true
		}
	}
	return NotificationKind{}, false
}

var notificationKinds = []NotificationKind{{
	ID:   console.InternalError,
	Name: Text{"Internal error", "Interne fout"},
	Meaning: Text{
		"Something unknown went wrong in the agent.",
		"Er is iets onbekends misgegaan in de agent."},
	Remedy: Text{
		"Contact support.",
		"Neem contact op met de ondersteuning."},
}, {
	ID:   console.DataServerSendError,
	Name: Text{"Data server send error", "Verzendfout bij gegevensserver"},
	Meaning: Text{
		"An established TCP connection to the syslog server broke or stalled. The agent pulls no new activities until it is fixed.",
		"Een bestaande TCP-verbinding met de syslog-server is verbroken of vastgelopen. De agent haalt geen nieuwe activiteiten op totdat dit is verholpen."},
	Remedy: Text{
		"Check the host name and the port of the remote syslog server in the portal, and the firewall.",
		"Controleer de hostnaam en de poort van de externe syslog-server in de portal, en de firewall."},
}, {
	ID:   console.DataServerConnectionError,
	Name: Text{"Data server connection error", "Fout bij gegevensserververbinding"},
	Meaning: Text{
		"The agent can't connect to the syslog server over TCP. It pulls no new activities until it is fixed.",
		"De agent kan geen TCP-verbinding maken met de syslog-server. De agent haalt geen nieuwe activiteiten op totdat dit is verholpen."},
	Remedy: Text{
		"Check the host name and the port of the remote syslog server in the portal, and the firewall.",
		"Controleer de hostnaam en de poort van de externe syslog-server in de portal, en de firewall."},
}, {
	ID:   SIEMAgentError,
	Name: Text{"SIEM agent error", "SIEM-agentfout"},
	Meaning: Text{
		"The agent has been disconnected for longer than the tenant allows.",
		"De verbinding met de agent is langer verbroken dan de tenant toestaat."},
	Remedy: Text{
		"Check that the agent's configuration was not changed in the portal; otherwise check the connection between Cloud App Security and the agent's computer.",
		"Controleer of de configuratie van de agent niet is gewijzigd in de portal; controleer anders de verbinding tussen Cloud App Security en de computer van de agent."},
	System: true,
}, {
	ID:   SIEMAgentNotificationError,
	Name: Text{"SIEM agent notification error", "Meldingsfout SIEM-agent"},
	Meaning: Text{
		"The agent reported errors in forwarding.",
		"De agent heeft fouten bij het doorsturen gemeld."},
	Remedy: Text{
		"Check the firewall between the agent and the SIEM server, whether the SIEM server's IP address changed, and the trusted CA certificates of the agent's computer.",
		"Controleer de firewall tussen de agent en de SIEM-server, of het IP-adres van de SIEM-server is gewijzigd, en de vertrouwde CA-certificaten op de computer van de agent."},
	System: true,
}}

// keptNotifications is how many notifications an agent has at most, the open
// ones aside; the oldest resolved one goes first.
const keptNotifications = 200
