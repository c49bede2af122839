package simulator

import (
	"bytes"
	_ "embed"
	"fmt"
	"sync"

	"go.yaml.in/yaml/v3"
)

// Message is something that the vendor documents: an error of the console, a
// notification or a status of the portal.
type Message struct {
	ID      string   `yaml:"id"`
	Kind    string   `yaml:"kind"` // console, notification or status
	English string   `yaml:"en"`   // the exact wording
	Dutch   string   `yaml:"nl"`
	Meaning Text     `yaml:"meaning"`
	Remedy  Text     `yaml:"remedy"`
	Log     []string `yaml:"log"` // words of an agent's log that point to it
}

// Text is a text in the two languages of the portal.
type Text struct {
	English string `yaml:"en"`
	Dutch   string `yaml:"nl"`
}

// In returns the text in a language: "nl" or, for any other, English.
func (t Text) In(language string) string {
	if language == "nl" {
		return t.Dutch
	}
	return t.English
}

//go:embed messages.yaml
var messagesFile []byte

// Messages returns the message catalogue, in the order of its file.
var Messages = sync.OnceValue(func() []Message { return readTable[Message]("messages.yaml", messagesFile) })

// readTable reads a table that is part of the program, strictly.
func readTable[T any](name string, data []byte) []T {
	var all []T
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(&all); err != nil {
		panic(fmt.Errorf("%s: %w", name, err)) // a test reads it
	}
	return all
}
