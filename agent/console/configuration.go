package console

import (
	"encoding/json"
	"fmt"
	"time"
)

// Format is the portal's "SIEM format".
type Format string

// The formats that the portal offers.
const (
	GenericCEF Format = "Generic CEF"
	ArcSight   Format = "Micro Focus ArcSight"
)

// TimeFormat is the portal's "time format" of the line's header.
type TimeFormat string

// The time formats that the portal offers; RFC5424 is its default.
const (
	RFC5424         TimeFormat = "RFC 5424"           // 2023-03-02T21:10:02.022Z
	RFC3164         TimeFormat = "RFC 3164"           // Mar 02 21:10:02
	RFC3164WithYear TimeFormat = "RFC 3164 with year" // Mar 02 2023 21:10:02
)

// Transport is what carries the lines. The portal's field, and so the JSON key,
// is "protocol". The vendor's portal offers TCP and UDP only: TLS is a local
// setting of the agent on top of TCP.
type Transport string

// The transports that the portal offers.
const (
	TCP Transport = "TCP"
	UDP Transport = "UDP"
)

// Remote is the syslog server that an agent forwards to.
type Remote struct {
	Host     string    `json:"host"`
	Port     int       `json:"port"`
	Protocol Transport `json:"protocol"`
}

// DataType says whether activities, or alerts, are forwarded and which.
// Filters is a filter object as the REST API takes it; nil means all.
type DataType struct {
	Enabled bool            `json:"enabled"`
	Filters json.RawMessage `json:"filters,omitempty"`
}

// Recovery is the time frame of a recovery agent, [From, To).
type Recovery struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// Configuration is an agent's configuration as the portal holds it.
type Configuration struct {
	Agent             string     `json:"agent"` // the agent's id, 24 hex digits
	Name              string     `json:"name"`
	Tenant            string     `json:"tenant"`
	Format            Format     `json:"format"`
	TimeFormat        TimeFormat `json:"timeFormat"`
	IncludePRI        bool       `json:"includePRI"`
	IncludeSystemName bool       `json:"includeSystemName"`
	Remote            Remote     `json:"remote"`
	Alerts            DataType   `json:"alerts"`
	Activities        DataType   `json:"activities"`
	Recovery          *Recovery  `json:"recovery,omitempty"`
	Enabled           bool       `json:"enabled"`

	// Version is the ETag that came with it; it is not part of the object.
	Version string `json:"-"`
	// Given is the service's time when it gave the configuration; zero if that
	// is not known. It is not part of the object either.
	Given time.Time `json:"-"`
}

// DefaultConfiguration is what an absent field means: Generic CEF, RFC 5424
// time, PRI included, TCP, all alerts and all activities, enabled. Decode JSON
// on top of it.
func DefaultConfiguration() Configuration {
	return Configuration{
		Format:     GenericCEF,
		TimeFormat: RFC5424,
		IncludePRI: true,
		Remote:     Remote{Protocol: TCP},
		Alerts:     DataType{Enabled: true},
		Activities: DataType{Enabled: true},
		Enabled:    true,
	}
}

// Validate says what is wrong with the values of c, naming the JSON key and
// what was expected there; it does not ask for a host and a port, which the
// one who reads a file may still have to fill in.
func (c Configuration) Validate() error {
	switch c.Format {
	case GenericCEF, ArcSight:
	default:
		return fmt.Errorf("format: %q: expected %q or %q", c.Format, GenericCEF, ArcSight)
	}
	switch c.TimeFormat {
	case RFC5424, RFC3164, RFC3164WithYear:
	default:
		return fmt.Errorf("timeFormat: %q: expected %q, %q or %q", c.TimeFormat, RFC5424, RFC3164, RFC3164WithYear)
	}
	switch c.Remote.Protocol {
	case TCP, UDP:
	default:
		return fmt.Errorf("remote.protocol: %q: expected %q or %q", c.Remote.Protocol, TCP, UDP)
	}
	if p := c.Remote.Port; p < 0 || p > 65535 {
		return fmt.Errorf("remote.port: %d: expected 1 to 65535", p)
	}
	if r := c.Recovery; r != nil && !r.From.Before(r.To) {
		return fmt.Errorf("recovery: from %s is not before to %s", r.From.Format(time.RFC3339), r.To.Format(time.RFC3339))
	}
	return nil
}
