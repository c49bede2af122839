package agent

import (
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

func TestReadSettings(t *testing.T) {
	g := NewWithT(t)
	s, err := ReadSettings(strings.NewReader(`{"pullPeriod": "90s", "confirmLines": 50, "tls": {"caFile": "ca.pem"}}`))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(s).To(Equal(Settings{PullPeriod: Duration(90 * time.Second), ConfirmLines: 50, TLS: &TLS{CAFile: "ca.pem"}}))
}

func TestSettingsThatAreWrong(t *testing.T) {
	for given, wanted := range map[string]string{
		``:                                     "settings: expected a JSON object: EOF",
		`[]`:                                   "settings: expected a JSON object: json: cannot unmarshal array into Go value of type map[string]json.RawMessage",
		`{} {}`:                                "settings: expected nothing after the JSON object",
		`{"pulPeriod": "1s"}`:                  `settings: json: unknown field "pulPeriod"`,
		`{"pullPeriod": "soon"}`:               `settings: pullPeriod: "soon": expected a duration such as "90s" or "2h"`,
		`{"pullPeriod": 30}`:                   `settings: pullPeriod: 30: expected a duration such as "90s", in quotes`,
		`{"pullPeriod": "-1s"}`:                "settings: pullPeriod: -1s: expected a positive duration",
		`{"confirmLines": -1}`:                 "settings: confirmLines: -1: expected a positive number",
		`{"confirmLines": 1}`:                  "settings: confirmLines: 1: expected at least 2, since a fault may find two batches in doubt",
		`{"confirmShare": 0}`:                  "settings: confirmShare: 0: expected a positive number",
		`{"stopAfter": "0s"}`:                  "settings: stopAfter: 0s: expected a positive duration",
		`{"requestsPerMinute": 0}`:             "settings: requestsPerMinute: 0: expected a positive number",
		`{"requestsPerMinute": -5}`:            "settings: requestsPerMinute: -5: expected a positive number",
		`{"confirmLines": "many"}`:             `settings: confirmLines: "many": expected a value of type int`,
		`{"service": "contoso"}`:               `settings: service: "contoso": expected https://HOST`,
		`{"service": "http://c"}`:              `settings: service: "http://c": expected https://HOST`,
		`{"requestsPerMinute": "none"}`:        `settings: requestsPerMinute: "none": expected a number or "off"`,
		`{"metricsAddress": "9514"}`:           `settings: metricsAddress: "9514": expected host:port such as "127.0.0.1:9514"`,
		`{"metricsAddress": ":9514"}`:          `settings: metricsAddress: ":9514": expected a loopback address, or metricsExposed to be true`,
		`{"metricsAddress": "192.0.2.1:9514"}`: `settings: metricsAddress: "192.0.2.1:9514": expected a loopback address, or metricsExposed to be true`,
		`{"framing": "xml"}`:                   `settings: framing: "xml": expected "non-transparent" or "octet-counting"`,
		`{"tls": {"keyFile": "k"}}`:            "settings: tls: expected certificateFile and keyFile together, or neither",
		`{"tls": {"keyfiles": "k"}}`:           `settings: json: unknown field "keyfiles"`,
	} {
		g := NewWithT(t)
		_, err := ReadSettings(strings.NewReader(given))
		g.Expect(err).To(MatchError(wanted), given)
	}
}

func TestMetricsStayOnThisMachineUnlessToldOtherwise(t *testing.T) {
	for _, given := range []string{
		`{"metricsAddress": "127.0.0.1:9514"}`, `{"metricsAddress": "[::1]:9514"}`, `{"metricsAddress": "localhost:9514"}`,
		`{"metricsAddress": ":9514", "metricsExposed": true}`,
	} {
		_, err := ReadSettings(strings.NewReader(given))
		NewWithT(t).Expect(err).NotTo(HaveOccurred(), given)
	}
}

func TestTheThrottleCanBeTurnedOff(t *testing.T) {
	g := NewWithT(t)
	s, err := ReadSettings(strings.NewReader(`{"requestsPerMinute": "off"}`))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(s.WithDefaults().RequestsPerMinute).To(Equal(-1))
}

func TestTheDefaultsAreTheDocumentedOnes(t *testing.T) {
	g := NewWithT(t)
	s := Settings{}.WithDefaults()
	g.Expect(time.Duration(s.ContactPeriod)).To(Equal(60 * time.Second))
	g.Expect(time.Duration(s.PullPeriod)).To(Equal(30 * time.Second))
	g.Expect(s.RequestsPerMinute).To(Equal(30))
	g.Expect(s.Framing).To(Equal(NonTransparent))
	g.Expect(Settings{TLS: &TLS{}}.WithDefaults().Framing).To(Equal(OctetCounting))
	g.Expect(Settings{RequestsPerMinute: -1}.WithDefaults().RequestsPerMinute).To(Equal(-1), "no limit stays that")
}

func FuzzReadSettings(f *testing.F) {
	f.Add(`{"pullPeriod": "90s", "tls": {}}`)
	f.Fuzz(func(t *testing.T, given string) {
		_, err := ReadSettings(strings.NewReader(given))
		if err != nil && strings.Contains(err.Error(), "\n") {
			t.Fatalf("%q: more than one line", err)
		}
	})
}
