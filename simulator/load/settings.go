package load

import (
	"fmt"
	"time"

	"siemdrill/agent"
	"siemdrill/agent/console"
	"siemdrill/fakecas"
	"siemdrill/fakesyslog"
)

// Transport is how the agent reaches its receiver.
type Transport string

// The transports.
const (
	TCP Transport = "tcp"
	UDP Transport = "udp"
	TLS Transport = "tls"
)

// Settings is what a run is. Profile, For and Transport are needed.
type Settings struct {
	Profile   Profile
	Alerts    float64       // the share of records that are alerts, 0 to 1; the rest are activities
	For       time.Duration // how long records are created
	Drain     time.Duration // the longest wait, after that, for what is still to come
	Transport Transport
	Framing   agent.Framing // empty: the agent's default for the transport
	Throttle  bool          // as documented, on both sides
	Withhold  time.Duration // records younger than this are not listed; 0: none are withheld
	Pull      time.Duration // between two pulls that found nothing more
	Faults    []Fault
	Seed      uint64
	Agents    int  // 0: 1
	Shared    bool // the agents have one tenant, and its throttle, together
	Agent     Agent
	Calibrate time.Duration // of trying both sides alone, half before the run and half after it; 0: no trying
	Shard     int           // from 0
	Shards    int           // 0: 1

	Call string // for the result: how it was called

	handicap handicap
}

// Validate says which setting has a value that it can't have.
func (s Settings) Validate() error {
	switch {
	case s.For <= 0:
		return fmt.Errorf("for: %s: expected more than nothing", s.For)
	case !(s.Alerts >= 0 && s.Alerts <= 1):
		return fmt.Errorf("alerts: %v: expected a share from 0 to 1", s.Alerts)
	case s.Drain < 0 || s.Withhold < 0 || s.Pull < 0 || s.Calibrate < 0:
		return fmt.Errorf("drain, withhold, pull, calibrate: expected no time less than nothing")
	case s.Transport != TCP && s.Transport != UDP && s.Transport != TLS:
		return fmt.Errorf("transport: %q: expected tcp, udp or tls", s.Transport)
	case s.Framing != "" && s.Framing != agent.NonTransparent && s.Framing != agent.OctetCounting:
		return fmt.Errorf("framing: %q: expected %s or %s", s.Framing, agent.NonTransparent, agent.OctetCounting)
	case s.Framing == agent.OctetCounting && s.Agent.plain != nil:
		return fmt.Errorf("framing: %s: expected %s: the configurations of %s send that", s.Framing, agent.NonTransparent, s.Agent)
	case s.Agents < 1 || s.Agents > 1000:
		return fmt.Errorf("agents: %d: expected 1 to 1000", s.Agents)
	case s.Shards < 1 || s.Shard < 0 || s.Shard >= s.Shards:
		return fmt.Errorf("shard: %d/%d: expected I/N, I from 0 to N-1", s.Shard, s.Shards)
	}
	for _, f := range s.Faults {
		if f.At >= s.For {
			return fmt.Errorf("fault: %q: it begins after the load has ended, at %s", f.Text, s.For)
		}
		if f.service != nil && s.Agent.plain != nil {
			return fmt.Errorf("fault: %q: expected none of the service: %s asks it nothing", f.Text, s.Agent)
		}
	}
	return nil
}

// types are those that are to be forwarded.
func (s Settings) types() []fakecas.Type {
	if s.Alerts > 0 {
		return []fakecas.Type{fakecas.Activity, fakecas.Alert}
	}
	return []fakecas.Type{fakecas.Activity}
}

// Stands says whether a fault is to hold so many seconds after the load began.
func (s Settings) Stands(at float64) bool {
	return windowAt(s.Faults, time.Duration(at*float64(time.Second)), s.For) == DuringFault
}

// octets says whether the agent will count octets.
func (s Settings) octets() bool {
	if s.Agent.plain != nil {
		return false // under TLS neither
	}
	return s.Framing == agent.OctetCounting || s.Framing == "" && s.Transport == TLS
}

func (s Settings) receiverFraming() fakesyslog.Framing {
	if s.octets() {
		return fakesyslog.OctetCounting
	}
	return fakesyslog.NonTransparent
}

func (s Settings) consoleTransport() console.Transport {
	if s.Transport == UDP {
		return console.UDP
	}
	return console.TCP // TLS is a local setting of the agent
}

// requests is the throttle as both sides take it.
func (s Settings) requests() int {
	if s.Throttle {
		return 0 // the documented one
	}
	return -1
}
