package fakecas

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"siemdrill/agent/console"
)

// agentJSON is an agent as the agents API shows it. Clients are known to use
// _id and name; the rest is assumed.
type agentJSON struct {
	ID             string             `json:"_id"`
	Name           string             `json:"name"`
	Type           string             `json:"type"`
	Status         string             `json:"status"`
	CreatedBy      string             `json:"createdBy"`
	TokenOwner     string             `json:"tokenOwner"`
	LastConnection *int64             `json:"lastConnection"` // ms; null: never
	Notifications  []notificationJSON `json:"notifications"`
	Configuration  json.RawMessage    `json:"configuration"`
	Token          string             `json:"token,omitempty"` // in the answer that made it
}

type notificationJSON struct {
	ID       console.NotificationID `json:"id"`
	Name     string                 `json:"name"`
	Since    int64                  `json:"since"`              // ms
	Resolved int64                  `json:"resolved,omitempty"` // ms
	Detail   string                 `json:"detail"`
}

func (v AgentView) json() agentJSON {
	j := agentJSON{
		ID:            v.ID,
		Name:          v.Configuration.Name,
		Type:          v.Kind,
		Status:        v.Status.String(),
		CreatedBy:     v.CreatedBy,
		TokenOwner:    v.TokenOwner,
		Notifications: []notificationJSON{},
	}
	j.Configuration, _ = json.Marshal(v.Configuration)
	if !v.LastContact.IsZero() {
		ms := v.LastContact.UnixMilli()
		j.LastConnection = &ms
	}
	for _, n := range v.Notifications {
		kind, _ := KindOf(n.ID)
		nj := notificationJSON{ID: n.ID, Name: kind.Name.English, Since: n.Since.UnixMilli(), Detail: n.Detail}
		if !n.Open() {
			nj.Resolved = n.Resolved.UnixMilli()
		}
		j.Notifications = append(j.Notifications, nj)
	}
	return j
}

func listAgents(x *exchange, _ string) answer {
	data := []agentJSON{}
	for _, v := range x.server.Tenant().Agents() {
		data = append(data, v.json())
	}
	return reply(http.StatusOK, map[string]any{"data": data, "total": len(data), "hasNext": false})
}

func fetchAgent(x *exchange, id string) answer {
	v, ok := x.server.Tenant().Agent(id)
	if !ok {
		return noAgent(id)
	}
	return reply(http.StatusOK, v.json())
}

func createAgent(x *exchange, _ string) answer {
	c := console.DefaultConfiguration()
	if err := decodeStrictly(x.body, &c); err != nil {
		return refusal(http.StatusBadRequest, err.Error())
	}
	a, err := x.server.Tenant().AddAgentFor(x.key.owner, c)
	if err != nil {
		return refusal(http.StatusBadRequest, err.Error())
	}
	v, _ := x.server.Tenant().Agent(a.ID)
	j := v.json()
	j.Token = a.Token
	return reply(http.StatusCreated, j)
}

// editAgent changes the members that the body has and leaves the others.
func editAgent(x *exchange, id string) answer {
	err := x.server.Tenant().patchAgent(id, x.body)
	switch {
	case errors.Is(err, errNoAgent):
		return noAgent(id)
	case err != nil:
		return refusal(http.StatusBadRequest, err.Error())
	}
	return fetchAgent(x, id)
}

// patchAgent changes the members of an agent's configuration that body has.
func (t *Tenant) patchAgent(id string, body []byte) error {
	return t.editFrom(id, func(c *console.Configuration) error { return decodeStrictly(body, c) })
}

// editFrom is EditAgent by an edit that may fail, and then changes nothing.
func (t *Tenant) editFrom(id string, edit func(*console.Configuration) error) error {
	var bad error
	err := t.EditAgent(id, func(c *console.Configuration) {
		edited := detached(*c)
		if bad = edit(&edited); bad == nil {
			*c = edited
		}
	})
	if bad != nil {
		return bad
	}
	return err
}

func deleteAgent(x *exchange, id string) answer {
	if x.server.Tenant().DeleteAgent(id) != nil {
		return noAgent(id)
	}
	return answer{status: http.StatusNoContent}
}

func generateToken(x *exchange, id string) answer {
	token, err := x.server.Tenant().regenerateTokenFor(x.key.owner, id)
	if err != nil {
		return noAgent(id)
	}
	return reply(http.StatusOK, map[string]string{"token": token})
}

func noAgent(id string) answer {
	return refusal(http.StatusNotFound, fmt.Sprintf("no agent has the id %.60q", id))
}

// decodeStrictly decodes one JSON object and refuses members it doesn't know.
func decodeStrictly(body []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return fmt.Errorf("body: expected a JSON object: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("body: expected one JSON object and no more")
	}
	return nil
}
