package simulator

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"siemdrill/agent/console"
	"siemdrill/fakecas"
)

// InPortal lets somebody do something in the portal, by do, and returns the
// commands that do the same. They are noted in the History as if they had been
// played.
func (l *Live) InPortal(do func()) (commands []string, err error) {
	before := map[string]fakecas.AgentView{}
	for _, a := range l.CAS.Tenant().Agents() {
		before[a.ID] = a
	}
	do()
	for _, a := range l.CAS.Tenant().Agents() {
		was, known := before[a.ID]
		delete(before, a.ID)
		command := ""
		switch {
		case !known:
			command, err = l.adopt(a)
		case a.Token != was.Token:
			command = l.renew(a)
		case !reflect.DeepEqual(a.Configuration, was.Configuration):
			command, err = l.followEdit(l.nameOf(a.ID), a.Configuration)
		}
		if err != nil {
			return commands, err
		}
		if command != "" {
			commands = append(commands, command)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(before)) {
		commands = append(commands, "portal delete"+ofAgent(l.nameOf(id)))
	}
	for _, c := range commands {
		l.begin(c)
	}
	return commands, nil
}

// nameOf is what commands call the agent with the id.
func (l *Live) nameOf(id string) string {
	for name, a := range l.agents {
		if a.id == id {
			return name
		}
	}
	return ""
}

// adopt takes over an agent that was added in the portal.
func (l *Live) adopt(a fakecas.AgentView) (command string, err error) {
	name := a.Configuration.Name
	if l.agents[name] != nil {
		return "", fmt.Errorf("the portal has two agents %q now, which no command can tell apart: delete one of them", name)
	}
	l.agents[name] = &labAgent{id: a.ID, token: a.Token}
	file, err := l.writeConfiguration(name, a.Configuration)
	return "portal add -config " + quoted(file) + ofAgent(name), err
}

// renew takes over a token that was made in the portal.
func (l *Live) renew(a fakecas.AgentView) (command string) {
	name := l.nameOf(a.ID)
	known := l.agents[name]
	known.previous, known.token = known.token, a.Token
	return "portal regenerate-token" + ofAgent(name)
}

// followEdit takes over a configuration that was changed in the portal.
func (l *Live) followEdit(name string, c console.Configuration) (command string, err error) {
	file, err := l.writeConfiguration(name, c)
	return "portal edit " + quoted(file) + ofAgent(name), err
}

// ofAgent is the flag that names an agent, if a command needs it.
func ofAgent(name string) string {
	if name == defaultAgent {
		return ""
	}
	return " -name " + quoted(name)
}

// writeConfiguration makes a file of a configuration, and the portal's what that
// file means here: whoever types port 514 means the Lab's receiver.
func (l *Live) writeConfiguration(name string, c console.Configuration) (file string, err error) {
	l.unlocate(&c.Remote)
	text, err := json.Marshal(c)
	if err != nil {
		return "", err
	}
	var members map[string]any
	if err := json.Unmarshal(text, &members); err != nil {
		return "", err
	}
	for _, own := range []string{"agent", "name", "tenant"} { // the portal's own
		delete(members, own)
	}
	if text, err = json.MarshalIndent(members, "", "  "); err != nil {
		return "", err
	}
	file = l.freeName()
	l.files[file] = append(text, '\n')
	return file, l.EditAgent(name, file)
}

// unlocate makes what the portal holds of the receiver what scripts call it.
func (l *Live) unlocate(r *console.Remote) {
	if r.Host == l.world.host("syslog") {
		r.Host = receiverName
	}
	for _, port := range receiverPorts {
		if r.Port == l.world.port(port) {
			r.Port = port
			return
		}
	}
}

// freeName is a name for a configuration that no file has.
func (l *Live) freeName() string {
	for n := 2; ; n++ {
		if name := fmt.Sprintf("agent-%d.json", n); l.files[name] == nil {
			return name
		}
	}
}
