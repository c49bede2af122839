package simulator

import (
	"testing"

	. "github.com/onsi/gomega"

	"siemdrill/agent"
	"siemdrill/fakecas"
)

// What a support engineer has in hand, and what it is.
func TestExplain(t *testing.T) {
	for text, id := range map[string]string{
		"Invalid token":                     "invalid-token",
		"invalid tokn":                      "invalid-token",
		"Ongeldig token":                    "invalid-token",
		"Fout bij gegevensserververbinding": "data-server-connection-error",
		"Verzendfout bij gegevensserver":    "data-server-send-error",
		"data-server-send-error":            "data-server-send-error",
		"Data Server Conection Error":       "data-server-connection-error",
		"Te veel kritieke fouten":           "too-many-critical-errors",
		"Connection error":                  "status-connection-error",
		"Verbroken":                         "status-disconnected",
		"SIEM agent error":                  "siem-agent-error",
		"SIEM-agentfout":                    "siem-agent-error",
		"the portal says: SIEM agent notification error since 10:00":                                                                "siem-agent-notification-error",
		"time=2026-01-05T10:00:00Z level=WARN msg=\"dial failed\" error=\"dial tcp 203.0.113.10:514: connect: connection refused\"": "data-server-connection-error",
		"write tcp 192.0.2.10:40000->203.0.113.10:514: write: connection reset by peer":                                             "data-server-send-error",
		"proxyconnect tcp: EOF": "invalid-proxy-address",
	} {
		t.Run(text, func(t *testing.T) {
			g := NewWithT(t)
			found := Explain(text)
			g.Expect(found).NotTo(BeEmpty())
			g.Expect(found[0].ID).To(Equal(id))
		})
	}
}

func TestExplainDoesNotGuess(t *testing.T) {
	for _, text := range []string{"", "???", "the weather is fine today", "activities"} {
		NewWithT(t).Expect(Explain(text)).To(BeEmpty(), text)
	}
}

// The catalogue says the same as the portal and the agent, which were written
// independently.
func TestMessagesAgreeWithTheRooms(t *testing.T) {
	g := NewWithT(t)
	byID := map[string]Message{}
	for _, m := range Messages() {
		g.Expect(byID).NotTo(HaveKey(m.ID))
		byID[m.ID] = m
		for _, text := range []string{m.English, m.Dutch, m.Meaning.English, m.Meaning.Dutch, m.Remedy.English, m.Remedy.Dutch} {
			g.Expect(text).NotTo(BeEmpty(), m.ID)
		}
	}
	for _, k := range fakecas.NotificationKinds() {
		m := byID[string(k.ID)]
		g.Expect([]string{m.Kind, m.English, m.Dutch}).To(Equal([]string{"notification", k.Name.English, k.Name.Dutch}))
	}
	for _, code := range []agent.Code{agent.BootstrapError, agent.TooManyCriticalErrors, agent.InvalidToken, agent.InvalidProxyAddress} {
		m := byID[string(code)]
		g.Expect([]string{m.Kind, m.English}).To(Equal([]string{"console", (&agent.Error{Code: code}).Message()}))
	}
	for s := fakecas.Created; s <= fakecas.Disconnected; s++ {
		found := Explain(s.String())
		g.Expect(found).NotTo(BeEmpty())
		g.Expect([]string{found[0].Kind, found[0].English, found[0].Dutch}).To(Equal([]string{"status", s.String(), s.Dutch()}))
	}
}
