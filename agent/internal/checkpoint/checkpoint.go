package checkpoint

import (
	"bytes"
	"encoding/json"
	"fmt"

	"siemdrill/agent/internal/cas"
)

// Checkpoint is what survives a restart. The zero value means that nothing was
// confirmed yet.
type Checkpoint struct {
	Activities cas.Cursor `json:"activities"`
	Alerts     cas.Cursor `json:"alerts"`
}

// version is that of the file's format. It changes when an older agent would
// misread the file; a newer agent takes over every older version.
const version = 1

// kind marks the file as ours.
const kind = "siemdrill checkpoint"

// file is the whole content of a checkpoint file.
type file struct {
	Kind    string `json:"kind"`
	Version int    `json:"version"`
	Tenant  string `json:"tenant"`
	Agent   string `json:"agent"`
	Checkpoint
}

// encode returns the content of the file of tenant and agent.
func encode(tenant, agent string, c Checkpoint) ([]byte, error) {
	text, err := json.Marshal(file{kind, version, tenant, agent, c})
	return append(text, '\n'), err
}

// decode reads the content of the file of tenant and agent.
func decode(tenant, agent string, text []byte) (Checkpoint, error) {
	var f file
	if len(bytes.TrimSpace(text)) == 0 {
		return Checkpoint{}, fmt.Errorf("it is empty")
	}
	if err := json.Unmarshal(text, &f); err != nil {
		return Checkpoint{}, fmt.Errorf("it is torn or no checkpoint (%w)", err)
	}
	switch {
	case f.Kind != kind:
		return Checkpoint{}, fmt.Errorf("it is no checkpoint: its kind is %q, expected %q", f.Kind, kind)
	case f.Version < 1:
		return Checkpoint{}, fmt.Errorf("its version is %d, expected 1 to %d", f.Version, version)
	case f.Version > version:
		return Checkpoint{}, fmt.Errorf("a newer agent wrote it: its version is %d, this agent reads up to %d", f.Version, version)
	case f.Tenant != tenant || f.Agent != agent:
		return Checkpoint{}, fmt.Errorf("it belongs to agent %q of tenant %q, not to %q of %q", f.Agent, f.Tenant, agent, tenant)
	}
	return f.Checkpoint, nil
}
