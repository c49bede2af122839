package fakecas

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"siemdrill/agent/console"
)

// formPage is a page with the fields of a configuration.
type formPage struct {
	view
	ID      string // of the agent that is edited
	Step    int    // of the wizard, from 1; 0: not in the wizard
	Steps   []string
	Form    url.Values
	Carried []formValue // of the steps that are not shown
	Preview []preview   // nil: not asked for
}

type formValue struct{ Name, Value string }

// Formats, TimeFormats and Protocols are what the portal offers.
func (formPage) Formats() []string {
	return []string{string(console.GenericCEF), string(console.ArcSight)}
}

func (formPage) Protocols() []string { return []string{string(console.TCP), string(console.UDP)} }

type timeFormat struct{ Value, Example string }

func (formPage) TimeFormats() []timeFormat {
	return []timeFormat{
		{string(console.RFC5424), "2023-03-02T21:10:02.022Z"},
		{string(console.RFC3164), "Mar 02 21:10:02"},
		{string(console.RFC3164WithYear), "Mar 02 2023 21:10:02"},
	}
}

// fieldsOf are the form's fields by the wizard's step.
var fieldsOf = map[int][]string{
	1: {"name", "format", "timeFormat", "includePRI", "includeSystemName", "from", "to"},
	2: {"host", "port", "protocol"},
	3: {"alerts", "alertsFilter", "activities", "activitiesFilter"},
}

// formOf fills a form with a configuration.
func formOf(c console.Configuration) url.Values {
	f := url.Values{}
	f.Set("name", c.Name)
	f.Set("format", string(c.Format))
	f.Set("timeFormat", string(c.TimeFormat))
	f.Set("host", c.Remote.Host)
	if c.Remote.Port != 0 {
		f.Set("port", strconv.Itoa(c.Remote.Port))
	}
	f.Set("protocol", string(c.Remote.Protocol))
	f.Set("alertsFilter", string(c.Alerts.Filters))
	f.Set("activitiesFilter", string(c.Activities.Filters))
	for name, on := range map[string]bool{"includePRI": c.IncludePRI, "includeSystemName": c.IncludeSystemName, "alerts": c.Alerts.Enabled, "activities": c.Activities.Enabled} {
		if on {
			f.Set(name, "true")
		}
	}
	if c.Recovery != nil {
		f.Set("from", c.Recovery.From.UTC().Format(formTime+".999"))
		f.Set("to", c.Recovery.To.UTC().Format(formTime+".999"))
	}
	return f
}

// formTime is how browsers write a time without a zone; the seconds are absent
// when they are zero.
const formTime = "2006-01-02T15:04:05"

func parseFormTime(text string) (time.Time, error) {
	if t, err := time.Parse(formTime, text); err == nil {
		return t, nil
	}
	return time.Parse("2006-01-02T15:04", text)
}

// apply changes a configuration to what a form says.
func apply(f url.Values, c *console.Configuration) error {
	c.Name = strings.TrimSpace(f.Get("name"))
	c.Format = console.Format(f.Get("format"))
	c.TimeFormat = console.TimeFormat(f.Get("timeFormat"))
	c.IncludePRI = f.Get("includePRI") != ""
	c.IncludeSystemName = f.Get("includeSystemName") != ""
	port, err := strconv.Atoi(f.Get("port"))
	if err != nil {
		return fmt.Errorf("port: %q: expected 1 to 65535", f.Get("port"))
	}
	c.Remote = console.Remote{Host: strings.TrimSpace(f.Get("host")), Port: port, Protocol: console.Transport(f.Get("protocol"))}
	if c.Alerts, err = dataType(f, "alerts"); err != nil {
		return err
	}
	if c.Activities, err = dataType(f, "activities"); err != nil {
		return err
	}
	c.Recovery, err = timeFrame(f)
	return err
}

func dataType(f url.Values, name string) (console.DataType, error) {
	d := console.DataType{Enabled: f.Get(name) != ""}
	text := strings.TrimSpace(f.Get(name + "Filter"))
	if text == "" {
		return d, nil
	}
	if !json.Valid([]byte(text)) {
		return d, fmt.Errorf("%s: filter: expected a JSON object, found %.60q", name, text)
	}
	d.Filters = json.RawMessage(text)
	return d, nil
}

func timeFrame(f url.Values) (*console.Recovery, error) {
	from, to := f.Get("from"), f.Get("to")
	if from == "" && to == "" {
		return nil, nil
	}
	start, err := parseFormTime(from)
	if err != nil {
		return nil, fmt.Errorf("recovery: from: %q: expected a date and a time", from)
	}
	end, err := parseFormTime(to)
	if err != nil {
		return nil, fmt.Errorf("recovery: to: %q: expected a date and a time", to)
	}
	return &console.Recovery{From: start, To: end}, nil
}
