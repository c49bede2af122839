package console_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"siemdrill/agent/console"
)

func fileWith(t *testing.T, text string) *console.File {
	path := filepath.Join(t.TempDir(), "agent.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return &console.File{Path: path, Tenant: "contoso"}
}

func TestAFileInThePortalsPlace(t *testing.T) {
	g := NewWithT(t)
	f := fileWith(t, `{"name": "north", "remote": {"host": "syslog.example", "port": 514}, "includePRI": false, "local": {"maxSize": 8192}}`)
	content, err := f.Read()
	g.Expect(err).NotTo(HaveOccurred())
	wanted := console.DefaultConfiguration()
	wanted.Agent, wanted.Name, wanted.Tenant, wanted.Version = "north", "north", "contoso", content.Version
	wanted.Remote.Host, wanted.Remote.Port, wanted.IncludePRI = "syslog.example", 514, false
	g.Expect(content.Configuration).To(Equal(wanted), "what is absent means the default")
	g.Expect(string(content.Local)).To(MatchJSON(`{"maxSize": 8192}`))
	g.Expect(content.Version).To(HaveLen(12))
}

func TestAnEditOfTheFileShowsAtTheNextContact(t *testing.T) {
	g := NewWithT(t)
	f := fileWith(t, `{"remote": {"host": "syslog.example", "port": 514}}`)
	before, err := f.Contact(context.Background(), console.Contact{})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(os.WriteFile(f.Path, []byte("{ \"remote\": {\"port\": 514, \"host\": \"syslog.example\"} }\n"), 0o600)).To(Succeed())
	same, _ := f.Contact(context.Background(), console.Contact{})
	g.Expect(same).To(Equal(before), "what means the same is no edit")
	g.Expect(os.WriteFile(f.Path, []byte(`{"remote": {"host": "other.example", "port": 514}}`), 0o600)).To(Succeed())
	after, err := f.Contact(context.Background(), console.Contact{})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(after.ConfigurationVersion).NotTo(Equal(before.ConfigurationVersion))
	c, err := f.Configuration(context.Background())
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(c.Version).To(Equal(after.ConfigurationVersion))
}

func TestFilesThatAreNoConfiguration(t *testing.T) {
	for text, wanted := range map[string]string{
		``:                          "expected a configuration as a JSON object: EOF",
		`[]`:                        "expected a configuration as a JSON object: cannot unmarshal array into Go value of type console.FileContent",
		`{} {}`:                     "expected nothing after the JSON object",
		`{"remot": {}}`:             `expected a configuration as a JSON object: unknown field "remot"`,
		`{}`:                        "remote.host: expected a name or an address",
		`{"remote": {"host": "h"}}`: "remote.port: expected 1 to 65535",
		`{"format": "LEEF", "remote": {"host": "h", "port": 1}}`: `format: "LEEF": expected "Generic CEF" or "Micro Focus ArcSight"`,
	} {
		g := NewWithT(t)
		f := fileWith(t, text)
		_, err := f.Configuration(context.Background())
		g.Expect(err).To(MatchError(f.Path+": "+wanted), text)
	}
}

func TestAFileThatIsNotThere(t *testing.T) {
	g := NewWithT(t)
	_, err := (&console.File{Path: "/nowhere/agent.json"}).Contact(context.Background(), console.Contact{})
	g.Expect(err).To(MatchError("/nowhere/agent.json: no such file or directory"))
}

func FuzzFile(f *testing.F) {
	f.Add(`{"remote": {"host": "h", "port": 1}, "local": {"maxSize": 1}}`)
	f.Add(`{"recovery": {"from": "2026-01-02T00:00:00Z", "to": "2026-01-01T00:00:00Z"}}`)
	f.Fuzz(func(t *testing.T, text string) {
		file := fileWith(t, text)
		content, err := file.Read()
		if err != nil && strings.ContainsAny(err.Error(), "\r\n") {
			t.Fatalf("%q: more than one line", err)
		}
		if err == nil && (content.Agent == "" || content.Version == "" || content.Remote.Host == "" || content.Remote.Port < 1) {
			t.Fatalf("%+v is not usable", content)
		}
	})
}
