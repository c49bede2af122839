package simulator

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// remoteControl is the control API of a fake on a machine of its own.
type remoteControl struct {
	machine Machine
	port    int // that the fake calls its own
}

// remoteLimit is how long, in real time, a fake may take to answer.
const remoteLimit = 20 * time.Second

// ask sends a request, with body as JSON unless it is nil or JSON already, and
// reads the answer into to, unless that is nil.
func (c remoteControl) ask(method, path string, body, to any) error {
	answer, err := c.fetch(method, path, body)
	if err == nil && to != nil {
		err = json.Unmarshal(answer, to)
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	return nil
}

func (c remoteControl) fetch(method, path string, body any) ([]byte, error) {
	address, err := c.machine.Published(c.port) // it may be another one after each start
	if err != nil {
		return nil, err
	}
	content, err := encode(body)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), remoteLimit)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, "http://"+address+path, bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	request.Host = fmt.Sprintf("localhost:%d", c.port) // what its guard takes for itself
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode >= http.StatusBadRequest {
		err = fmt.Errorf("%s: %s", response.Status, bytes.TrimSpace(answer))
	}
	return answer, err
}

func encode(body any) ([]byte, error) {
	switch b := body.(type) {
	case nil:
		return nil, nil
	case []byte:
		return b, nil
	}
	return json.Marshal(body)
}

// events reads Events, one JSON object a line.
func events(text []byte) ([]Event, error) {
	var all []Event
	for line := range bytes.Lines(text) {
		var e Event
		if err := json.Unmarshal(line, &e); err != nil {
			return nil, fmt.Errorf("an event that can't be read: %w: %.200s", err, line)
		}
		all = append(all, e)
	}
	return all, nil
}

// remoteFaults are those of a fake on a machine of its own. Heal and HealAll
// have no way to say that it can't be reached: problem keeps that.
type remoteFaults struct {
	remoteControl
	ids     map[string]string // of the faults, by name, as last injected
	problem *error
}

func (r remoteFaults) injectAs(f any, name string) error {
	var made struct {
		ID string `json:"id"`
	}
	err := r.ask("POST", "/v1/faults", f, &made)
	r.ids[name] = made.ID
	return err
}

func (r remoteFaults) Heal(idOrName string) error {
	id, known := r.ids[idOrName]
	if !known {
		id = idOrName
	}
	return r.ask("DELETE", "/v1/faults/"+id, nil, nil)
}

func (r remoteFaults) HealAll() {
	if err := r.ask("DELETE", "/v1/faults", nil, nil); err != nil {
		*r.problem = err
	}
}
