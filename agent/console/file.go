package console

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// File is a configuration file in the portal's place, for tenants whose portal
// does not speak this protocol. It is read again at each contact, so an edit
// takes effect within a contact period, and a contact is reported nowhere.
type File struct {
	Path   string
	Tenant string // what an absent tenant means
}

// FileContent is what a configuration file has: one JSON object, the
// configuration and beside it "local", the agent's own settings.
type FileContent struct {
	Configuration
	Local json.RawMessage `json:"local,omitempty"`
}

// fileAgent is the id of an agent whose file names neither an id nor a name.
const fileAgent = "siem-agent"

// Read returns what the file has. It is read strictly; an error is one line
// that names the file and what was expected. An absent agent means the name;
// the version is made of the content, and local has no part in it.
func (f *File) Read() (FileContent, error) {
	content, err := f.read()
	if err != nil {
		return FileContent{}, fmt.Errorf("%s: %w", f.Path, err)
	}
	return content, nil
}

func (f *File) read() (FileContent, error) {
	content := FileContent{Configuration: DefaultConfiguration()}
	text, err := os.ReadFile(f.Path)
	if fault, ok := errors.AsType[*os.PathError](err); ok {
		return content, fault.Err // which doesn't name the file a second time
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&content); err != nil {
		return content, fmt.Errorf("expected a configuration as a JSON object: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return content, errors.New("expected nothing after the JSON object")
	}
	if content.Agent == "" {
		content.Agent = content.Name
	}
	if content.Agent == "" {
		content.Agent = fileAgent
	}
	if content.Tenant == "" {
		content.Tenant = f.Tenant
	}
	content.Version, err = versionOf(content.Configuration)
	if err != nil {
		return content, err
	}
	return content, content.usable()
}

// versionOf is the same for what means the same.
func versionOf(c Configuration) (string, error) {
	text, err := json.Marshal(c)
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:6]), err
}

// Configuration reads the file.
func (f *File) Configuration(context.Context) (Configuration, error) {
	content, err := f.Read()
	return content.Configuration, err
}

// Contact reads the file for its version.
func (f *File) Contact(context.Context, Contact) (ContactAnswer, error) {
	content, err := f.Read()
	return ContactAnswer{ConfigurationVersion: content.Version}, err
}
