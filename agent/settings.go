package agent

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Duration is a time.Duration that is written as Go writes it: "90s", "2h".
type Duration time.Duration

// UnmarshalText reads what time.ParseDuration reads.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("%q: expected a duration such as \"90s\" or \"2h\"", text)
	}
	*d = Duration(v)
	return nil
}

// MarshalText writes what UnmarshalText reads.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// Framing is how one line is told from the next on a stream.
type Framing string

// The framings of RFC 6587: a line feed after each line (section 3.4.2, the
// default over plain TCP), or its length before it (section 3.4.1, the default
// over TLS, RFC 5425 section 4.3).
const (
	NonTransparent Framing = "non-transparent"
	OctetCounting  Framing = "octet-counting"
)

// TLS is how the receiver is reached over TLS; nil in Settings is plain TCP.
type TLS struct {
	CAFile          string `json:"caFile,omitempty"`          // PEM; empty: the system's roots
	ServerName      string `json:"serverName,omitempty"`      // empty: the host of the portal's configuration
	CertificateFile string `json:"certificateFile,omitempty"` // PEM, with KeyFile: the agent's own certificate
	KeyFile         string `json:"keyFile,omitempty"`
}

// Settings are the agent's own: what the portal has no field for. The zero
// value means the defaults, which are given with each field.
type Settings struct {
	CheckpointDirectory string `json:"checkpointDirectory,omitempty"` // default: the operating system's place for state
	CAFile              string `json:"caFile,omitempty"`              // PEM: certificates to trust besides the system's, towards the service
	Service             string `json:"service,omitempty"`             // base URL of the service; default: the one in the token
	RequestsPerMinute   int    `json:"requestsPerMinute,omitempty"`   // to the API; default 30, the documented throttle; "off" (-1): no limit
	PageSize            int    `json:"pageSize,omitempty"`            // records of a scan page; default 5,000, the documented most

	ContactPeriod Duration `json:"contactPeriod,omitempty"` // between signs of life; default 60s
	PullPeriod    Duration `json:"pullPeriod,omitempty"`    // between pulls of one type; default 30s
	RequestLimit  Duration `json:"requestLimit,omitempty"`  // the longest that one request may take; default 100s
	DialLimit     Duration `json:"dialLimit,omitempty"`     // the longest that one dial may take; default 30s
	StopAfter     Duration `json:"stopAfter,omitempty"`     // the longest that stopping waits for a confirmation; default 5s
	BackOffMax    Duration `json:"backOffMax,omitempty"`    // the longest wait between two dials; default 60s

	Confirm       Confirm  `json:"confirm,omitempty"`       // how it is learnt that lines were read; default auto
	ConfirmLines  int      `json:"confirmLines,omitempty"`  // K: lines that a fault makes arrive again at most, of which a connection carries half, unless that costs more than ConfirmShare; at least 2, default 1,000
	ConfirmAfter  Duration `json:"confirmAfter,omitempty"`  // how long a line may be in doubt before it is confirmed; default 1s
	ConfirmShare  int      `json:"confirmShare,omitempty"`  // of the time, in percent, that confirming may take before K grows; default 5
	StallAfter    Duration `json:"stallAfter,omitempty"`    // how long nothing may move; default 60s
	PatienceFirst Duration `json:"patienceFirst,omitempty"` // how long a stall lasts before another connection is tried; default 60s,
	PatienceMost  Duration `json:"patienceMost,omitempty"`  // doubling to this; default 10m
	WindowAfter   int      `json:"windowAfter,omitempty"`   // so many unanswered closings in a row before the window is used; default 3
	WindowBytes   int      `json:"windowBytes,omitempty"`   // of the window: more than the receiver's buffer holds; default 33554432 (32 MiB)
	CloseAgain    Duration `json:"closeAgain,omitempty"`    // how long the window is used before closing is tried again; default 1h

	CriticalErrors int      `json:"criticalErrors,omitempty"` // that many within CriticalWindow end the agent; default 10
	CriticalWindow Duration `json:"criticalWindow,omitempty"` // default 15m

	MetricsAddress string `json:"metricsAddress,omitempty"` // host:port where metrics and health are served; default: nowhere
	MetricsExposed bool   `json:"metricsExposed,omitempty"` // that address need not be a loopback one

	TLS        *TLS    `json:"tls,omitempty"`
	Framing    Framing `json:"framing,omitempty"`    // default: non-transparent, over TLS octet-counting
	MaxSize    int     `json:"maxSize,omitempty"`    // bytes of a line, the rest is cut at a character; default: no limit
	CEFVersion string  `json:"cefVersion,omitempty"` // VERSION of the CEF header
}

// noLimit is "off" as a RequestsPerMinute.
const noLimit = -1

// ReadSettings reads one JSON object, strictly: an unknown key is an error.
// An error is one line that names the key and what was expected there.
func ReadSettings(r io.Reader) (Settings, error) {
	var given map[string]json.RawMessage
	decoder := json.NewDecoder(r)
	if err := decoder.Decode(&given); err != nil {
		return Settings{}, fmt.Errorf("settings: expected a JSON object: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return Settings{}, errors.New("settings: expected nothing after the JSON object")
	}
	var s Settings
	for _, key := range slices.Sorted(maps.Keys(given)) {
		if err := s.read(key, given[key]); err != nil {
			return Settings{}, fmt.Errorf("settings: %w", err)
		}
	}
	return s, s.Validate()
}

// read reads one key, so that an error can name it.
func (s *Settings) read(key string, value json.RawMessage) error {
	if key == "requestsPerMinute" && string(value) == `"off"` {
		s.RequestsPerMinute = noLimit
		return nil
	}
	if err := nothing(key, value); err != nil {
		return err
	}
	object, err := json.Marshal(map[string]json.RawMessage{key: value})
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(object))
	decoder.DisallowUnknownFields()
	err = decoder.Decode(s)
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		if wrong.Type == reflect.TypeFor[Duration]() {
			return fmt.Errorf("%s: %s: expected a duration such as \"90s\", in quotes", key, value)
		}
		if key == "requestsPerMinute" {
			return fmt.Errorf("%s: %s: expected a number or \"off\"", key, value)
		}
		return fmt.Errorf("%s: %s: expected a value of type %s", key, value, wrong.Type.Kind())
	}
	if err != nil && !strings.HasPrefix(err.Error(), "json: unknown field") { // which names it
		return fmt.Errorf("%s: %w", key, err)
	}
	return err
}

// nothing refuses a number or a duration that is 0: it would mean the default.
func nothing(key string, value json.RawMessage) error {
	text := strings.Trim(string(value), `"`)
	if n, err := strconv.ParseFloat(string(value), 64); err == nil && n == 0 {
		return fmt.Errorf("%s: %s: expected a positive number", key, text)
	}
	if d, err := time.ParseDuration(text); err == nil && d == 0 && text != "0" { // that may be a version
		return fmt.Errorf("%s: %s: expected a positive duration", key, text)
	}
	return nil
}

// Validate says which setting has a value that it can't have, and what was
// expected there.
func (s Settings) Validate() error {
	for name, d := range map[string]Duration{
		"contactPeriod": s.ContactPeriod, "pullPeriod": s.PullPeriod, "requestLimit": s.RequestLimit,
		"dialLimit": s.DialLimit, "stopAfter": s.StopAfter, "backOffMax": s.BackOffMax,
		"confirmAfter": s.ConfirmAfter, "stallAfter": s.StallAfter, "criticalWindow": s.CriticalWindow,
		"patienceFirst": s.PatienceFirst, "patienceMost": s.PatienceMost, "closeAgain": s.CloseAgain,
	} {
		if d < 0 {
			return fmt.Errorf("settings: %s: %s: expected a positive duration", name, time.Duration(d))
		}
	}
	for name, n := range map[string]int{
		"pageSize": s.PageSize, "confirmLines": s.ConfirmLines, "criticalErrors": s.CriticalErrors, "maxSize": s.MaxSize,
		"confirmShare": s.ConfirmShare, "windowAfter": s.WindowAfter, "windowBytes": s.WindowBytes,
	} {
		if n < 0 {
			return fmt.Errorf("settings: %s: %d: expected a positive number", name, n)
		}
	}
	if s.ConfirmLines == 1 {
		return fmt.Errorf("settings: confirmLines: 1: expected at least 2, since a fault may find two batches in doubt")
	}
	if s.RequestsPerMinute < noLimit {
		return fmt.Errorf("settings: requestsPerMinute: %d: expected a positive number", s.RequestsPerMinute)
	}
	if u, err := url.Parse(s.Service); s.Service != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
		return fmt.Errorf("settings: service: %q: expected https://HOST", s.Service)
	}
	if err := s.validMetrics(); err != nil {
		return err
	}
	switch s.Framing {
	case "", NonTransparent, OctetCounting:
	default:
		return fmt.Errorf("settings: framing: %q: expected %q or %q", s.Framing, NonTransparent, OctetCounting)
	}
	switch s.Confirm {
	case "", ConfirmAuto, ConfirmClose, ConfirmWindow:
	default:
		return fmt.Errorf("settings: confirm: %q: expected %q, %q or %q", s.Confirm, ConfirmAuto, ConfirmClose, ConfirmWindow)
	}
	if t := s.TLS; t != nil && (t.CertificateFile == "") != (t.KeyFile == "") {
		return errors.New("settings: tls: expected certificateFile and keyFile together, or neither")
	}
	return nil
}

// validMetrics keeps the metrics on this machine unless told otherwise: whoever
// can read them learns names and addresses.
func (s Settings) validMetrics() error {
	if s.MetricsAddress == "" {
		return nil
	}
	host, port, err := net.SplitHostPort(s.MetricsAddress)
	if n, wrong := strconv.Atoi(port); err != nil || wrong != nil || n < 1 || n > 65535 {
		return fmt.Errorf("settings: metricsAddress: %q: expected host:port such as \"127.0.0.1:9514\"", s.MetricsAddress)
	}
	if address := net.ParseIP(host); host != "localhost" && (address == nil || !address.IsLoopback()) && !s.MetricsExposed {
		return fmt.Errorf("settings: metricsAddress: %q: expected a loopback address, or metricsExposed to be true", s.MetricsAddress)
	}
	return nil
}

// WithDefaults returns s with what was left at zero filled in.
func (s Settings) WithDefaults() Settings {
	set(&s.RequestsPerMinute, 30)
	set(&s.PageSize, 5000)
	set(&s.ContactPeriod, Duration(time.Minute))
	set(&s.PullPeriod, Duration(30*time.Second))
	set(&s.RequestLimit, Duration(100*time.Second))
	set(&s.DialLimit, Duration(30*time.Second))
	set(&s.StopAfter, Duration(5*time.Second))
	set(&s.BackOffMax, Duration(time.Minute))
	set(&s.ConfirmLines, 1000)
	set(&s.Confirm, ConfirmAuto)
	set(&s.ConfirmAfter, Duration(time.Second))
	set(&s.ConfirmShare, 5)
	set(&s.StallAfter, Duration(time.Minute))
	set(&s.PatienceFirst, Duration(time.Minute))
	set(&s.PatienceMost, Duration(10*time.Minute))
	set(&s.WindowAfter, 3)
	set(&s.WindowBytes, 32<<20)
	set(&s.CloseAgain, Duration(time.Hour))
	set(&s.CriticalErrors, 10)
	set(&s.CriticalWindow, Duration(15*time.Minute))
	if s.Framing == "" {
		s.Framing = NonTransparent
		if s.TLS != nil {
			s.Framing = OctetCounting
		}
	}
	return s
}

func set[T comparable](field *T, standard T) {
	var zero T
	if *field == zero {
		*field = standard
	}
}
