package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"siemdrill/agent/console"
	"siemdrill/fakecas"
)

// remoteService is a service on a machine of its own.
type remoteService struct {
	remoteFaults
	ca   []byte
	seen int // events taken so far
}

func (s *remoteService) addRecords(t fakecas.Type, n int, spread fakecas.Spread) error {
	return s.ask("POST", "/v1/records", map[string]any{
		"type": t, "count": n, "ago": spread.Ago.String(), "over": spread.Over.String(), "late": spread.Late.String(),
	}, nil)
}

func (s *remoteService) importRecords(file []byte, recent bool) error {
	return s.ask("POST", fmt.Sprintf("/v1/records/import?recent=%t", recent), file, nil)
}

func (s *remoteService) removeAdmin() error  { return s.ask("POST", "/host/admin/remove", nil, nil) }
func (s *remoteService) restoreAdmin() error { return s.ask("POST", "/host/admin/restore", nil, nil) }

// agentText is an agent as the control API writes it.
type agentText struct {
	ID             string `json:"_id"`
	Token          string
	Status         string
	LastConnection *int64
	Notifications  []struct {
		ID              console.NotificationID
		Since, Resolved int64
		Detail          string
	}
}

func (s *remoteService) addAgent(c console.Configuration) (id, token string, err error) {
	var a agentText
	err = s.ask("POST", "/v1/agents", c, &a)
	return a.ID, a.Token, err
}

func (s *remoteService) editAgent(id string, to console.Configuration) error {
	return s.ask("PUT", "/host/agents/"+id, to, nil)
}

func (s *remoteService) regenerateToken(id string) (string, error) {
	var made struct{ Token string }
	err := s.ask("POST", "/v1/agents/"+id+"/token", nil, &made)
	return made.Token, err
}

func (s *remoteService) deleteAgent(id string) error {
	return s.ask("DELETE", "/v1/agents/"+id, nil, nil)
}

func (s *remoteService) view(id string) fakecas.AgentView {
	var a agentText
	if err := s.ask("GET", "/v1/agents/"+id, nil, &a); err != nil {
		*s.problem = err
		return fakecas.AgentView{}
	}
	v := fakecas.AgentView{ID: a.ID}
	for _, status := range []fakecas.Status{fakecas.Created, fakecas.Connected, fakecas.ConnectionError, fakecas.Disconnected} {
		if status.String() == a.Status {
			v.Status = status
		}
	}
	if a.LastConnection != nil {
		v.LastContact = time.UnixMilli(*a.LastConnection).UTC()
	}
	for _, n := range a.Notifications {
		one := fakecas.Notification{ID: n.ID, Since: time.UnixMilli(n.Since).UTC(), Detail: n.Detail}
		if n.Resolved != 0 {
			one.Resolved = time.UnixMilli(n.Resolved).UTC()
		}
		v.Notifications = append(v.Notifications, one)
	}
	return v
}

func (s *remoteService) ledger() []Entry {
	text, err := s.fetch("GET", "/v1/ledger", nil)
	if err != nil {
		*s.problem = err
	}
	var all []Entry
	for line := range bytes.Lines(text) {
		var e fakecas.LedgerEntry
		if err := json.Unmarshal(line, &e); err != nil {
			*s.problem = err
		}
		all = append(all, Entry{ID: e.ID, Type: string(e.Type), Created: e.Created})
	}
	return all
}

func (s *remoteService) authority() []byte { return s.ca }

func (s *remoteService) inject(f fault) error { return s.injectAs(fakecas.Fault(f), f.Name) }

// news is what has happened since it was last asked for.
func (s *remoteService) news() ([]Event, error) { return s.since(&s.seen) }
